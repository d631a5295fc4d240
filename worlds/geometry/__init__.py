"""The geometry that actions and the checker share: observed kinematics of bodies, relations of objects on the plan."""
