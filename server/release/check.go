package release

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 32 << 20

// atOnce is how many requests are under way at a time.
const atOnce = 6

// Finding is something that the server gives and the release does not, or the other way round.
type Finding struct {
	Path string // below the server's own
	What string // a sentence without a full stop
	In   int    // so many of the visits there found it
	Of   int
}

// Report is what a check found.
type Report struct {
	Version string // that the server says it is; empty if it shows no list
	List    string // the hash of the list that it shows; empty if it shows none
	Other   bool   // it says that it is another version than the list's: nothing else was compared
	Visits  int
	Answers int
	HTTP3   bool // it offers HTTP/3, by which nothing was asked for
	// By path; none: all is as the release has it.
	Findings []Finding
}

// Checker compares a server with a list. Its zero value is ready.
type Checker struct {
	Allow map[string]bool // headers that a proxy is known to add, by canonical name
}

// Check visits the server at base as several browsers would, and compares its answers with the list that text is. It fails only if text is no list, the server cannot be
// reached, or ctx ends.
func (c Checker) Check(ctx context.Context, base *url.URL, text []byte) (*Report, error) {
	list, err := Parse(text)
	if err != nil {
		return nil, err
	}
	v := &check{allow: c.Allow, client: newClient(), base: base, list: list, place: placeOf(base, Sum(text))}
	defer v.client.CloseIdleConnections()
	report := &Report{Answers: len(list.Answers)}
	notes := &notes{counted: map[string]int{}, found: map[Finding]int{}}
	shown, err := v.get(ctx, visitors[0], Visit{Path: ListPath})
	if shown == nil {
		return nil, err
	}
	if says, wrong := Parse(shown.content); shown.status == http.StatusOK && err == nil && wrong == nil {
		report.Version, report.List = says.Version, Sum(shown.content)
		if says.Version != list.Version {
			report.Other = true
			return report, nil
		}
		if report.List != Sum(text) {
			notes.add(ListPath, []string{"it is another list than this release's"})
		}
	} else {
		notes.add(ListPath, []string{"the server shows no list of its release"})
	}
	if report.Visits, err = v.visits(ctx, notes); err != nil {
		return nil, err
	}
	report.Findings, report.HTTP3 = notes.findings(), v.http3.Load()
	return report, nil
}

// check is one under way.
type check struct {
	allow  map[string]bool
	client *http.Client
	base   *url.URL
	list   *List
	place  Place
	http3  atomic.Bool
}

// newClient follows no redirects, takes no cookies, and leaves it to each visitor what to say of compression.
func newClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true
	transport.MaxIdleConnsPerHost = atOnce
	return &http.Client{
		Transport:     transport,
		Timeout:       2 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// visits makes them all and notes what differs. It gives their number.
func (v *check) visits(ctx context.Context, notes *notes) (made int, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	turns := make(chan func())
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			for turn := range turns {
				turn()
			}
		})
	}
	for _, who := range visitors { // one after the other, so that all is asked for again
		for _, answer := range v.list.Answers {
			made++
			turns <- func() {
				got, err := v.get(ctx, who, answer.Visit)
				switch {
				case err == nil:
					notes.add(answer.Path, v.compare(answer, got))
				case got != nil && ctx.Err() == nil:
					notes.add(answer.Path, []string{"its content cannot be read: " + err.Error()})
				default:
					stop(err)
				}
			}
		}
	}
	close(turns)
	all.Wait()
	return made, context.Cause(ctx)
}

// got is an answer.
type got struct {
	status  int
	header  http.Header
	content []byte
	unlike  []string // what browsers read otherwise
}

var (
	errTooLong = errors.New("it is too long")
	errGzip    = errors.New("browsers may read its gzip otherwise")
)

// get makes a visit. Its answer is nil if there was none; it comes with an error if it could not be read to its end.
func (v *check) get(ctx context.Context, who visitor, visit Visit) (*got, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, visit.at(v.base), nil)
	if err != nil {
		return nil, err
	}
	who.dress(r, visit)
	answer, err := v.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	read := &got{status: answer.StatusCode, header: answer.Header, unlike: unlike(answer)}
	if answer.Header.Get("Alt-Svc") != "" {
		v.http3.Store(true)
	}
	switch coded := strings.Join(answer.Header["Content-Encoding"], ", "); coded {
	case "":
		read.content, err = readAll(answer.Body)
	case "gzip":
		read.content, err = gunzip(answer.Body)
	default:
		err = fmt.Errorf("it is coded as %q, which was not asked for", coded)
	}
	return read, err
}

// unlike says what browsers read otherwise than Go does. To Chromium a CR alone ends a line, which Go refuses but in the first; of HTTP/1.0 not all leave chunks alone.
func unlike(answer *http.Response) (found []string) {
	if !answer.ProtoAtLeast(1, 1) {
		found = append(found, "it is answered by "+answer.Proto)
	}
	if strings.Contains(answer.Status, "\r") {
		found = append(found, "its status has a second line")
	}
	return found
}

func readAll(body io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	if err == nil && len(content) > maxAnswer {
		err = errTooLong
	}
	return content, err
}

// gunzip reads one member without any of what its header may hold (RFC 1952), and nothing behind it: some browsers drop further members, which others read.
func gunzip(coded io.Reader) ([]byte, error) {
	body := bufio.NewReader(coded)
	if head, err := body.Peek(4); err != nil || head[3] != 0 {
		return nil, errGzip
	}
	member, err := gzip.NewReader(body)
	if err != nil {
		return nil, err
	}
	member.Multistream(false)
	content, err := readAll(member)
	if err != nil {
		return nil, err
	}
	if _, err := body.ReadByte(); err != io.EOF {
		return nil, errGzip
	}
	return content, nil
}

// compare says in what an answer differs from the list's.
func (v *check) compare(want Answer, got *got) (differs []string) {
	if got.status != want.Status {
		if to := got.header.Get("Location"); to != "" {
			return []string{fmt.Sprintf("it leads elsewhere, to %q", to)}
		}
		return []string{fmt.Sprintf("it is answered with the status %d in place of %d", got.status, want.Status)}
	}
	differs = got.unlike
	content, err := v.place.content(got.header, got.content)
	if err != nil {
		differs = append(differs, err.Error())
	} else if Sum(content) != want.SHA256 {
		differs = append(differs, "its content is another")
	}
	headers, err := v.place.headers(got.header, v.allow)
	if err != nil {
		return append(differs, err.Error())
	}
	wanted := maps.Clone(v.list.Headers[want.Headers])
	for name := range v.allow {
		delete(wanted, name)
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if value, there := headers[name]; !there {
			differs = append(differs, fmt.Sprintf("the header %s is missing", name))
		} else if value != wanted[name] {
			differs = append(differs, fmt.Sprintf("the header %s is %q", name, value))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		if _, there := wanted[name]; !there {
			differs = append(differs, fmt.Sprintf("a header was added, %s: %q", name, headers[name]))
		}
	}
	return differs
}

// notes gathers what visits found.
type notes struct {
	mu      sync.Mutex
	counted map[string]int
	found   map[Finding]int
}

func (n *notes) add(path string, differs []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.counted[path]++
	for _, what := range differs {
		n.found[Finding{Path: path, What: what}]++
	}
}

func (n *notes) findings() []Finding {
	var all []Finding
	for found, in := range n.found {
		found.In, found.Of = in, n.counted[found.Path]
		all = append(all, found)
	}
	slices.SortFunc(all, func(a, b Finding) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.What, b.What)) })
	return all
}
