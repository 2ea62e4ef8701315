package app

import "runtime/debug"

// version is set by the linker for releases: -X broadsheet/internal/app.version=1.2.3.
var version string

// Version says which Broadsheet this is: the release, else the commit it was built
// from, else "development".
func Version() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "development"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	return commit(info.Settings)
}

// commit is the revision that the go command noted at the build.
func commit(settings []debug.BuildSetting) string {
	revision, changed := "", false
	for _, s := range settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value
		case "vcs.modified":
			changed = s.Value == "true"
		}
	}
	if revision == "" {
		return "development"
	}
	if changed {
		return "development, after " + revision[:min(12, len(revision))]
	}
	return revision[:min(12, len(revision))]
}
