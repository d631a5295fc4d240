"""How good answers are: ranks, recalls and the evaluation of a model on a corpus."""
