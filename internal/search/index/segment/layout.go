package segment

// Sections of the parts.
const (
	secMeta       uint32 = 1 + iota // of fileDocs: counts, as JSON
	secIDs                          // identifiers one after another
	secIDOffs                       // where each begins; one more than documents
	secIDHash                       // slots of hash and document, see idTable
	secPublished                    // int64 microseconds
	secVotes                        // uint32
	secComments                     // uint32
	secTrending                     // float64
	secFlags                        // uint16: what it has, and whether it was in an edition
	secTitleEnd                     // uint16: positions of the title
	secTitleKeys                    // uint64: search.TitleKey
	secTitleHash                    // slots of key and document, see keyTable
	secYears                        // uint16
	secOrgs                         // uint32: ordinal in the organizations + 1
	secCatOffs                      // uint32 for each document and one more: first in secCats
	secCats                         // uint16: ordinals of categories
	secCatNames                     // strings
	secOrgNames                     // strings: unique name, tab, name to read
	secTitles                       // titles one after another
	secTitleOffs                    // uint32
	secAuthorOffs                   // uint32 for each document and one more: first in secAuthors
	secAuthors                      // uint32: ordinals of authors' names
	secNames                        // authors' names, sorted as they are folded
	secNameOffs                     // uint32
	secTitleOrder                   // uint32: documents by folded title
	secNameOrder                    // uint32: ordinals of names by folded family name
	secNameCounts                   // uint32: papers of each name
	secDict                         // of fileTerms
	secDictIndex                    // uint32: where blocks begin
	secDictHeads                    // uint64: first bytes of the blocks' first keys
	secWords                        // words of titles and names as written, sorted, folded
	secWordOffs                     // uint32
	secWordCounts                   // uint32: documents of each
	secBlocks                       // uint32 entries of fileBlocks
	secPostings                     // pairs of bytes: document in its block, impact
	secPositions                    // of each term: where those of each block begin, uint32, if it has several; then varints
	secTermOffs                     // uint32 for each document and one more: first in secDocTerms
	secDocTerms                     // uint32: ordinals in the dictionary, see forward
	secVectors                      // a section of package vector
	secSequences                    // uint16: search.Sequence of each document
	secSeqOffs                      // uint32 for each document and one more: first in secSequences
	secCodeCounts                   // uint32: documents that have each code; in a large segment
)

// Documents are numbered from 0 in a segment, and 256 neighbors are a block. A
// posting is the document's place in its block and an impact, a byte each: nothing
// has to be decoded, and blocks that cannot contribute are never touched.
const (
	blockBits = 8

	BlockSize = 1 << blockBits // documents of a block
	MaxDocs   = 1 << 24        // of a segment: the number of a block has 16 bits
)

// A block entry holds the number of the block, how many postings it has less one,
// and its best impact.
func packBlock(r uint32, n int, best uint8) uint32 {
	return r<<16 | uint32(n-1)<<8 | uint32(best)
}

// FlagDaily says, beside search.Has in the low byte of a document's flags, that it was
// in an edition.
const FlagDaily = 1 << 8

// meta is what a segment says of itself.
type meta struct {
	Docs       int `json:"docs"`
	Dimensions int `json:"dimensions"` // of the vectors; 0: none
}
