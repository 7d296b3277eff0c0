package server

import (
	"cmp"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"thorpe/shares"
)

// transfers are the contents of files and links that are on their way, for the operator. Of a file nothing is known but how many bytes: its name is its owner's, as the drive
// is. Of a link there is the id, which the operator has already, and not who reads it.
type transfers struct {
	mu      sync.Mutex
	last    int64 // number
	all     map[*transfer]bool
	uploads map[shares.ID]*transfer // those of all that are resumable uploads
}

// nextPiece is how long an upload is under way between two of its pieces, which are requests of their own.
const nextPiece = 10 * time.Second

// transfer is one of them. All but came is guarded by transfers.mu.
type transfer struct {
	number   int64
	door     string
	in       bool
	account  string     // whose; "": of a link, or of nobody who has shown who they are
	link     *shares.ID // nil: of an account
	upload   *shares.ID // nil: it is one request
	began    time.Time
	requests int       // that move it now
	rested   time.Time // since when there are none

	answer *recorder    // counts what goes out
	came   atomic.Int64 // what came in; of an upload with what had come before
	size   int64        // bytes in all; -1: unknown
	marks  [2]mark      // where it stood when somebody looked, an earlier and a later time
}

type mark struct {
	at    time.Time
	bytes int64
}

func (t *transfer) bytes() int64 {
	if t.in {
		return t.came.Load()
	}
	return t.answer.bytes.Load()
}

// moving is a request that moves a transfer. Its methods take nil, of a request that moves nothing.
type moving struct {
	transfers *transfers
	*transfer
}

const movingKey = "moving"

func movingOf(c echo.Context) *moving {
	m, _ := c.Get(movingKey).(*moving)
	return m
}

// begin notes a request that moves content, until the answer is called.
func (ts *transfers) begin(c echo.Context, answer *recorder) (end func()) {
	r := c.Request()
	of := requestOf(r.Context())
	direction := directionOf(of.door, of.method)
	if direction == "" {
		return func() {}
	}
	now := time.Now()
	m := &moving{ts, &transfer{door: of.door, in: direction == "in", began: now, requests: 1, answer: answer, size: -1, marks: [2]mark{{at: now}, {at: now}}}}
	if m.in {
		m.size = r.ContentLength
		r.Body = &watchedBody{r.Body, m}
	}
	c.Set(movingKey, m)
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.all == nil {
		ts.all, ts.uploads = map[*transfer]bool{}, map[shares.ID]*transfer{}
	}
	ts.add(m.transfer)
	return m.end
}

func (ts *transfers) add(t *transfer) {
	ts.last++
	t.number = ts.last
	ts.all[t] = true
}

// remove forgets a transfer.
func (ts *transfers) remove(t *transfer) {
	delete(ts.all, t)
	if t.upload != nil {
		delete(ts.uploads, *t.upload)
	}
}

// giveUp forgets uploads whose next piece has not come.
func (ts *transfers) giveUp() {
	for _, t := range ts.uploads {
		if t.requests == 0 && time.Since(t.rested) > nextPiece {
			ts.remove(t)
		}
	}
}

func (m *moving) end() {
	m.transfers.mu.Lock()
	defer m.transfers.mu.Unlock()
	m.requests--
	m.rested = time.Now()
	if m.requests == 0 && (m.upload == nil || m.size >= 0 && m.came.Load() >= m.size) {
		m.transfers.remove(m.transfer)
	}
	m.transfers.giveUp()
}

// of says whose it is.
func (m *moving) of(account string) {
	if m == nil {
		return
	}
	m.transfers.mu.Lock()
	defer m.transfers.mu.Unlock()
	m.account = account
}

// ofLink says which link it is of.
func (m *moving) ofLink(id shares.ID) {
	if m == nil {
		return
	}
	m.transfers.mu.Lock()
	defer m.transfers.mu.Unlock()
	m.link = &id
}

// goesOn says that the request is a piece of its account's upload, which stands at offset; length is -1 where it is not told.
func (m *moving) goesOn(id shares.ID, offset, length int64) {
	if m == nil {
		return
	}
	m.transfers.mu.Lock()
	defer m.transfers.mu.Unlock()
	if before := m.transfers.uploads[id]; before != nil && before.account == m.account {
		m.transfers.remove(m.transfer)
		m.transfer = before
		m.requests++
	} else if before != nil {
		return // somebody else's: the store will say so
	} else {
		m.upload, m.size = &id, -1
		m.transfers.uploads[id] = m.transfer
		m.marks = [2]mark{{m.began, offset}, {m.began, offset}}
	}
	m.came.Store(offset)
	if length >= 0 {
		m.size = length
	}
}

// stands says where the upload stands after its piece.
func (m *moving) stands(offset, length int64) {
	if m == nil {
		return
	}
	m.transfers.mu.Lock()
	defer m.transfers.mu.Unlock()
	m.came.Store(offset)
	m.size = length
}

// watchedBody counts what is read of a body.
type watchedBody struct {
	io.ReadCloser
	m *moving
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.m.came.Add(int64(n))
	return n, err
}

// underWay is a transfer as it is told.
type underWay struct {
	Number    int64   `json:"id"`
	Door      string  `json:"door"`
	Direction string  `json:"direction"`
	Account   *string `json:"account"`
	Link      *string `json:"link"`
	Began     string  `json:"began"`
	Bytes     int64   `json:"bytes"`
	Size      *int64  `json:"size"`
	Speed     int64   `json:"speed"`
}

// markEvery is how far two marks are apart at least: a speed is that since a look some seconds ago, or since the beginning.
const markEvery = 2 * time.Second

// list tells of the oldest most transfers, oldest first, and how many others there are. What comes from nobody who has shown who they are is left out: it is refused in a moment.
func (ts *transfers) list(most int) (shown []underWay, others int) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.giveUp()
	var known []*transfer
	for t := range ts.all {
		if t.account != "" || t.link != nil {
			known = append(known, t)
		}
	}
	slices.SortFunc(known, func(a, b *transfer) int { return cmp.Compare(a.number, b.number) })
	others = max(0, len(known)-most)
	shown = []underWay{}
	now := time.Now()
	for _, t := range known[:len(known)-others] {
		shown = append(shown, t.tell(now))
	}
	return shown, others
}

// tell is what is told of it now.
func (t *transfer) tell(now time.Time) underWay {
	bytes := t.bytes()
	if now.Sub(t.marks[1].at) >= markEvery {
		t.marks = [2]mark{t.marks[1], {now, bytes}}
	}
	told := underWay{Number: t.number, Door: t.door, Direction: "out", Began: stamp(t.began), Bytes: bytes}
	if t.in {
		told.Direction = "in"
	}
	if took := now.Sub(t.marks[0].at).Seconds(); took > 0 {
		told.Speed = max(0, int64(float64(bytes-t.marks[0].bytes)/took))
	}
	size := t.size
	if !t.in {
		size = t.answer.length()
	}
	if size >= 0 {
		told.Size = &size
	}
	switch {
	case t.link != nil:
		id := t.link.String()
		told.Link = &id
	default:
		told.Account = &t.account
	}
	return told
}
