// Package bench measures Broadsheet and trains its model: how long searching takes
// ([Search]), how fast files are imported ([Import]), how good the search is on judged
// collections ([Eval]), and how long readers wait for pages while papers come in
// ([Serve]). [FileTexts] and [StoreTexts] give the texts that a model is trained on, and
// [WriteModel] writes it.
//
// The functions return what they measured as values. They print nothing: what takes long
// says how far it is through a callback of its options.
//
// Callers pass an open store and index where the site's own are measured; everything
// else is measured in a temporary folder that is removed at the end, also when the context
// ends. The package leaves to others how results are shown (cli).
package bench
