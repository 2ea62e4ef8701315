// Package httpserver is what every front end has of HTTP: the server with its limits and
// its stop, request ids, the access log, metrics by route, the limit of requests, the
// address of a client, who asks, readiness, the cache of responses, and the one table
// from an error to the status of a response.
//
// Start with [Middleware], which stands before everything, and [Cache.Get], through which
// front ends answer: a [Response] is what they make, and [CachedResponse.Write] sends it
// with its entity tag, compressed where the client can take that, or says that nothing
// has changed. [StatusOf] tells what an error means.
//
// Callers name responses by keys: two requests with one key get the same response, so
// that a key holds all that a response depends on. A [Request] has nothing else in it,
// and the [Viewer] is handed to what may depend on it: only responses for the anonymous
// are cached and public. One cache serves several front ends, whose keys begin differently.
//
// It leaves out what a response says, and the words about an error: each front end has a
// form of its own for these.
package httpserver
