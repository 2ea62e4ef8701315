broadsheet papers list --endpoint https://papers.example --limit 5
broadsheet papers search "language models" --endpoint https://papers.example --format ids
broadsheet papers read 2401.01234 --endpoint https://papers.example
