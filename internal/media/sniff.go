package media

import "bytes"

// sniffLen is how many of a picture's first bytes sniff wants.
const sniffLen = 64

// sniff is the media type that head, a file's first bytes, shows it to have, or
// "" when it is no picture that may be served. What the file's server called it
// does not count.
func sniff(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")):
		return "image/gif"
	case len(head) >= 14 && string(head[:4]) == "RIFF" && string(head[8:14]) == "WEBPVP":
		return "image/webp"
	case isAVIF(head):
		return "image/avif"
	}
	return ""
}

// isAVIF looks for an AVIF brand, major or compatible, in the ftyp box that
// opens the file (ISO/IEC 14496-12, section 4.3).
func isAVIF(head []byte) bool {
	if len(head) < 16 || string(head[4:8]) != "ftyp" {
		return false
	}
	size := int(head[0])<<24 | int(head[1])<<16 | int(head[2])<<8 | int(head[3])
	for i := 8; i+4 <= min(size, len(head)); i += 4 {
		if brand := string(head[i : i+4]); i != 12 && (brand == "avif" || brand == "avis") {
			return true // bytes 12 to 15 are the version of the major brand
		}
	}
	return false
}
