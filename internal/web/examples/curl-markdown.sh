# A paper as Markdown, by its address or by asking for it.
curl --fail --silent "https://papers.example/papers/2401.01234.md"
curl --fail --silent --header "Accept: text/markdown" "https://papers.example/papers/2401.01234"
