# The command line of huggingface_hub, pointed here.
export HF_ENDPOINT=https://papers.example
hf papers list --limit 5
hf papers search "language models" --limit 5
hf papers info 2401.01234
hf papers read 2401.01234
