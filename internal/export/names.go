package export

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"scan/internal/mark"
)

// maxName is how many bytes of a code a file name takes over. File systems allow 255 for all of
// the name, ending and doubled names included.
const maxName = 100

// FileNames gives every booklet the name of its file, without the ending: the student's code, as
// far as a file can be called so, or else the booklet. Where two would share a name, also on file
// systems that do not tell A from a, the booklet is added to both.
func FileNames(sheets []mark.Sheet) map[string]string {
	wanted, shared := make([]string, len(sheets)), map[string]int{}
	for i, s := range sheets {
		wanted[i] = cmp.Or(fileName(s.Code), fileName(s.Booklet))
		shared[strings.ToLower(wanted[i])]++
	}
	names, taken := map[string]string{}, map[string]bool{}
	for i, s := range sheets {
		name := wanted[i]
		if shared[strings.ToLower(name)] > 1 {
			name += "-" + fileName(s.Booklet)
		}
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s-%s-%d", wanted[i], fileName(s.Booklet), n)
		}
		names[s.Booklet], taken[strings.ToLower(name)] = name, true
	}
	return names
}

// fileName keeps letters, digits and a few signs of a text, and makes - of everything else. A
// name never begins with a dot or a dash, and none is a device of Windows.
func fileName(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_.-", r) {
			b.WriteRune(r)
		} else {
			b.WriteByte('-')
		}
		if b.Len() >= maxName {
			break
		}
	}
	name := strings.Trim(b.String(), ".-")
	if slices.Contains(devices, strings.ToUpper(strings.SplitN(name, ".", 2)[0])) {
		return "_" + name
	}
	return name
}

// devices are names that Windows gives to no file.
var devices = strings.Fields("CON PRN AUX NUL COM1 COM2 COM3 COM4 COM5 COM6 COM7 COM8 COM9 LPT1 LPT2 LPT3 LPT4 LPT5 LPT6 LPT7 LPT8 LPT9")

// writtenList names the files of a folder that exports wrote, a line each.
const writtenList = ".written"

// Folder is a folder of exported files in which only what exports wrote is ever removed.
type Folder struct {
	dir        string
	names, old []string
}

// OpenFolder makes the folder if it is not there. names are all files that this export will write;
// they are listed before they are there, so that nothing of an interrupted export stays for good.
func OpenFolder(dir string, names []string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("the folder for results cannot be made: %w", err)
	}
	list, err := os.ReadFile(filepath.Join(dir, writtenList))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f := &Folder{dir: dir, names: names}
	for _, name := range strings.Split(string(list), "\n") {
		// Whoever can write the list must not choose files elsewhere.
		if name != "." && name == filepath.Base(name) && filepath.IsLocal(name) && !slices.Contains(names, name) {
			f.old = append(f.old, name)
		}
	}
	return f, f.list(slices.Concat(f.old, names))
}

// Write writes one of the files.
func (f *Folder) Write(name string, write func(io.Writer) error) error {
	return writeFile(filepath.Join(f.dir, name), write)
}

// Close removes what earlier exports wrote and this one does not.
func (f *Folder) Close() error {
	for _, name := range f.old {
		if err := os.Remove(filepath.Join(f.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("a file of an earlier export cannot be removed: %w", err)
		}
	}
	return f.list(f.names)
}

func (f *Folder) list(names []string) error {
	return WriteFile(filepath.Join(f.dir, writtenList), []byte(strings.Join(names, "\n")+"\n"))
}
