"""Training: losses, data, the loop. Imports only torch, numpy, safetensors and pytorch-metric-learning."""
