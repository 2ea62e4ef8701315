package search

// fieldNames are the fields as the query language calls them.
var fieldNames = [...]string{FieldAny: "text", FieldTitle: "title", FieldAbstract: "abs", FieldAuthor: "author", FieldOrganization: "org", FieldName: "author", FieldFullName: "author", FieldExact: "exact"}

// String is the field's name in the query language, "text" for FieldAny.
func (f Field) String() string {
	if int(f) < len(fieldNames) {
		return fieldNames[f]
	}
	return "unknown"
}
