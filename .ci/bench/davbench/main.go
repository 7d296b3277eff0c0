// davbench measures WebDAV servers against each other over loopback.
//
//	davbench -peer NAME=URL[,pid=FILE][,auth=USER:PASS] [-peer ...] [-get NAME=URL] [-raw NAME=URL[,pid=FILE]] -runs 5 -json out.json
//
// Peers are interleaved: within a run every phase visits all peers, in an order shuffled per run.
// Every timed section holds an exclusive flock on -lock (the same lock that `flock FILE cmd` takes).
// It writes only below URL/davbench/ on each server. Prints medians, and ratios to the best peer.
package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

type peer struct {
	name, base, pidfile string
	user, pass          string // Basic credentials, where not -user and -pass
	kind                string // dav, raw (PUT+GET only), get (GET only)
	c                   *http.Client
	full                map[int]bool // 10k/1k directory verified
}

type list []*peer

var (
	user, pass string
	lockPath   string
	results    = map[string]map[string][]float64{} // metric -> peer -> samples
	notes      = map[string]map[string]int{}       // peer -> note -> count
	lockWait   time.Duration
)

func (l *list) add(kind, s string) error {
	parts := strings.Split(s, ",")
	name, u, ok := strings.Cut(parts[0], "=")
	if !ok {
		return errors.New("want NAME=URL[,pid=FILE]")
	}
	p := &peer{name: name, base: strings.TrimSuffix(u, "/") + "/", kind: kind, full: map[int]bool{}}
	for _, o := range parts[1:] {
		if v, ok := strings.CutPrefix(o, "pid="); ok {
			p.pidfile = v
		}
		if v, ok := strings.CutPrefix(o, "auth="); ok {
			p.user, p.pass, _ = strings.Cut(v, ":")
		}
	}
	p.c = &http.Client{Timeout: 5 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true,
			ReadBufferSize: 64 << 10, WriteBufferSize: 64 << 10, ForceAttemptHTTP2: false}}
	*l = append(*l, p)
	return nil
}

func note(p *peer, s string) {
	if notes[p.name] == nil {
		notes[p.name] = map[string]int{}
	}
	notes[p.name][s]++
}

func rec(p *peer, metric string, v float64) {
	if results[metric] == nil {
		results[metric] = map[string][]float64{}
	}
	results[metric][p.name] = append(results[metric][p.name], v)
}

func (p *peer) do(method, rel string, body io.Reader, size int64, h map[string]string) (*http.Response, error) {
	u := p.base + rel
	r, err := http.NewRequest(method, u, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		r.ContentLength = size
	}
	if p.user != "" {
		r.SetBasicAuth(p.user, p.pass)
	} else if user != "" {
		r.SetBasicAuth(user, pass)
	}
	for k, v := range h {
		r.Header.Set(k, v)
	}
	return p.c.Do(r)
}

// simple sends a request, drains the reply, and returns the status.
func (p *peer) simple(method, rel string, body []byte, h map[string]string) (int, error) {
	var br io.Reader
	if body != nil {
		br = bytes.NewReader(body)
	}
	resp, err := p.do(method, rel, br, int64(len(body)), h)
	if err != nil {
		return 0, err
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	return resp.StatusCode, nil
}

func (p *peer) must(want func(int) bool, method, rel string, body []byte, h map[string]string) error {
	st, err := p.simple(method, rel, body, h)
	if err == nil && !want(st) {
		err = fmt.Errorf("%s %s: status %d", method, rel, st)
	}
	return err
}

func ok2xx(s int) bool { return s >= 200 && s < 300 && s != 207 }

func (p *peer) mkcol(rel string) error {
	return p.must(func(s int) bool { return ok2xx(s) || s == 405 || s == 301 }, "MKCOL", rel, nil, nil)
}

func esc(rel string) string {
	return (&url.URL{Path: rel}).EscapedPath()
}

func (p *peer) dest(rel string) string { return p.base + rel }

// ---- process accounting -------------------------------------------------

func tree(pidfile string) []int {
	b, err := os.ReadFile(pidfile)
	if err != nil {
		return nil
	}
	root, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return nil
	}
	kids := map[int][]int{}
	ents, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, e := range ents {
		b, err := os.ReadFile(e)
		if err != nil {
			continue
		}
		f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
		pid, _ := strconv.Atoi(strings.Split(e, "/")[2])
		pp, _ := strconv.Atoi(f[1])
		kids[pp] = append(kids[pp], pid)
	}
	out := []int{root}
	for i := 0; i < len(out); i++ {
		out = append(out, kids[out[i]]...)
	}
	return out
}

func resetHWM(p *peer) {
	if p.pidfile == "" {
		return
	}
	for _, pid := range tree(p.pidfile) {
		os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0)
	}
}

// usage: sum over the process tree of VmHWM (MiB) and of CPU seconds (user+system).
func usage(p *peer) (hwm, cpu float64) {
	if p.pidfile == "" {
		return
	}
	for _, pid := range tree(p.pidfile) {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			continue
		}
		for _, l := range strings.Split(string(b), "\n") {
			if v, ok := strings.CutPrefix(l, "VmHWM:"); ok {
				k, _ := strconv.ParseFloat(strings.Fields(v)[0], 64)
				hwm += k / 1024
			}
		}
		if b, err = os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
			f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
			for _, i := range []int{11, 12} {
				t, _ := strconv.ParseFloat(f[i], 64)
				cpu += t / 100
			}
		}
	}
	return
}

// timed runs f under the lock and returns its seconds; it also records peak RSS and CPU as metric+suffix.
func timed(p *peer, metric string, f func() error) (float64, error) {
	lf, err := os.OpenFile(lockPath, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return 0, err
	}
	defer lf.Close()
	w := time.Now()
	if err := syscall.Flock(int(lf.Fd()), syscall.LOCK_EX); err != nil {
		return 0, err
	}
	lockWait += time.Since(w)
	resetHWM(p)
	_, c0 := usage(p)
	t := time.Now()
	err = f()
	d := time.Since(t).Seconds()
	hwm, c1 := usage(p)
	if p.pidfile != "" && err == nil {
		rec(p, "rss_MiB:"+metric, hwm)
		rec(p, "cpu_s:"+metric, c1-c0)
	}
	if err != nil {
		note(p, metric+": "+err.Error())
	}
	return d, err
}

// ---- data ---------------------------------------------------------------

func makeSrc(path string, size int64) error {
	if st, err := os.Stat(path); err == nil && st.Size() == size {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	blk, _ := aes.NewCipher(make([]byte, 16))
	st := cipher.NewCTR(blk, make([]byte, 16))
	buf := make([]byte, 1<<20)
	for left := size; left > 0; {
		n := min(int64(len(buf)), left)
		clear(buf)
		st.XORKeyStream(buf[:n], buf[:n])
		if _, err := f.Write(buf[:n]); err != nil {
			return err
		}
		left -= n
	}
	return f.Sync()
}

// name of file i in the listing directories: spaces, known and unknown types, as in a home share.
func fname(i int) string {
	switch {
	case i%10 == 9:
		return fmt.Sprintf("data-%05d.qq7", i)
	case i%5 == 0:
		return fmt.Sprintf("IMG %05d.jpg", i)
	}
	return fmt.Sprintf("doc-%05d.txt", i)
}

// each runs f(0..n-1) on conc workers; first error wins.
func each(n, conc int, f func(i int) error) error {
	var next atomic.Int64
	var mu sync.Mutex
	var first error
	bad := 0
	var wg sync.WaitGroup
	for range conc {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				i := int(next.Add(1) - 1)
				if i >= n {
					return
				}
				if err := f(i); err != nil {
					mu.Lock()
					bad++
					if first == nil {
						first = err
					}
					mu.Unlock()
				}
			}
		}()
	}
	wg.Wait()
	if first != nil {
		return fmt.Errorf("%d of %d failed: %w", bad, n, first)
	}
	return nil
}

var reResp = regexp.MustCompile(`<(?:[A-Za-z_][\w.-]*:)?response[\s>]`)

// The listing bodies. finder: network_readdir's text in Apple's webdavfs source. gvfs: captured from
// gvfs 1.50 by a recording proxy. explorer: the WebClient redirector sends no body at all (= allprop) and Translate: f.
var bodies = []struct{ key, ua, body string }{
	{"allprop", "davbench", `<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>`},
	{"explorer", "Microsoft-WebDAV-MiniRedir/10.0.22631", ""},
	{"finder", "WebDAVFS/3.0.0 (03008000) Darwin/23.4.0 (arm64)", "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:propfind xmlns:D=\"DAV:\">\n<D:prop>\n<D:getlastmodified/>\n<D:getcontentlength/>\n<D:creationdate/>\n<D:resourcetype/>\n</D:prop>\n</D:propfind>\n"},
	{"gvfs", "gvfs/1.50.3", "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n <D:propfind xmlns:D=\"DAV:\">\n  <D:prop>\n<D:creationdate/>\n<D:displayname/>\n<D:getcontentlength/>\n<D:getcontenttype/>\n<D:getetag/>\n<D:getlastmodified/>\n<D:resourcetype/>\n  </D:prop>\n </D:propfind>"},
}

func (p *peer) list(rel string, b struct{ key, ua, body string }, buf *bytes.Buffer) error {
	h := map[string]string{"Depth": "1", "User-Agent": b.ua}
	var body io.Reader
	if b.body != "" {
		body = strings.NewReader(b.body)
		h["Content-Type"] = `text/xml; charset="utf-8"`
	} else {
		body = http.NoBody
		h["Translate"] = "f"
	}
	resp, err := p.do("PROPFIND", rel, body, int64(len(b.body)), h)
	if err != nil {
		return err
	}
	buf.Reset()
	_, err = buf.ReadFrom(resp.Body)
	resp.Body.Close()
	if err == nil && resp.StatusCode != 207 {
		err = fmt.Errorf("PROPFIND %s: status %d", rel, resp.StatusCode)
	}
	return err
}

func main() {
	var peers list
	flag.Func("peer", "NAME=URL[,pid=FILE][,auth=USER:PASS], a WebDAV server (repeat)", func(s string) error { return peers.add("dav", s) })
	flag.Func("raw", "like -peer, for a plain PUT/GET server: big-file phases only", func(s string) error { return peers.add("raw", s) })
	flag.Func("get", "like -peer, for a read-only server that already has davbench/big.bin = -src", func(s string) error { return peers.add("get", s) })
	flag.StringVar(&user, "user", "u", "")
	flag.StringVar(&pass, "pass", "p", "")
	flag.StringVar(&lockPath, "lock", "/tmp/bench.lock", "")
	runs := flag.Int("runs", 5, "")
	sizeMiB := flag.Int64("size", 1024, "big file, MiB")
	src := flag.String("src", "/tmp/peers/src/davbench/big.bin", "source of the big file (made if missing)")
	dirs := flag.String("dirs", "1000,10000", "sizes of the listing directories")
	small := flag.Int("small", 2000, "small files")
	ops := flag.Int("ops", 2000, "MKCOL/COPY/MOVE/DELETE count (at most -small)")
	conc := flag.Int("conc", 8, "connections for small files and ops")
	only := flag.String("only", "big,list,small,ops", "phases")
	out := flag.String("json", "", "write all samples here")
	flag.Parse()
	if len(peers) == 0 {
		flag.Usage()
		os.Exit(2)
	}
	phase := map[string]bool{}
	for _, s := range strings.Split(*only, ",") {
		phase[s] = true
	}
	size := *sizeMiB << 20
	var sizes []int
	for _, s := range strings.Split(*dirs, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			panic(err)
		}
		sizes = append(sizes, n)
	}
	if phase["big"] {
		if err := makeSrc(*src, size); err != nil {
			panic(err)
		}
	}
	start := time.Now()
	logf := func(f string, a ...any) {
		fmt.Fprintf(os.Stderr, "[%6.1fs] "+f+"\n", append([]any{time.Since(start).Seconds()}, a...)...)
	}

	for _, p := range peers {
		if p.kind == "get" {
			continue
		}
		if err := p.mkcol("davbench/"); err != nil {
			note(p, err.Error())
			logf("%s: %v", p.name, err)
		}
		if p.kind != "dav" || !phase["list"] {
			continue
		}
		for _, n := range sizes {
			dir := fmt.Sprintf("davbench/list-%d/", n)
			var buf bytes.Buffer
			if p.list(dir, bodies[2], &buf) == nil && len(reResp.FindAll(buf.Bytes(), -1)) == n+1 {
				continue
			}
			if err := p.mkcol(dir); err != nil {
				note(p, err.Error())
				continue
			}
			body := bytes.Repeat([]byte("x"), 64)
			t := time.Now()
			if err := each(n, *conc, func(i int) error {
				return p.must(ok2xx, "PUT", dir+esc(fname(i)), body, nil)
			}); err != nil {
				note(p, "fill: "+err.Error())
			}
			logf("%s: filled %s in %.1fs", p.name, dir, time.Since(t).Seconds())
		}
	}
	syscall.Sync()

	rbuf := make([]byte, 1<<20)
	sf, _ := os.Open(*src)
	var xml bytes.Buffer
	xml.Grow(64 << 20)

	for run := range *runs {
		order := append(list{}, peers...)
		rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		logf("run %d of %d", run+1, *runs)
		if phase["big"] {
			for _, p := range order {
				const rel = "davbench/big.bin"
				if p.kind != "get" {
					p.simple("DELETE", rel, nil, nil)
					syscall.Sync()
					d, err := timed(p, "put", func() error {
						f, err := os.Open(*src)
						if err != nil {
							return err
						}
						defer f.Close()
						resp, err := p.do("PUT", rel, f, size, nil)
						if err != nil {
							return err
						}
						io.Copy(io.Discard, resp.Body)
						resp.Body.Close()
						if !ok2xx(resp.StatusCode) {
							return fmt.Errorf("PUT status %d", resp.StatusCode)
						}
						return nil
					})
					syscall.Sync()
					if err != nil {
						logf("%s: %v", p.name, err)
						continue
					}
					rec(p, "put_MBps", float64(size)/1e6/d)
				}
				d, err := timed(p, "get", func() error {
					resp, err := p.do("GET", rel, nil, 0, nil)
					if err != nil {
						return err
					}
					defer resp.Body.Close()
					var n int64
					for {
						k, err := resp.Body.Read(rbuf)
						n += int64(k)
						if err == io.EOF {
							break
						}
						if err != nil {
							return err
						}
					}
					if resp.StatusCode != 200 || n != size {
						return fmt.Errorf("GET status %d, %d bytes", resp.StatusCode, n)
					}
					return nil
				})
				if err == nil {
					rec(p, "get_MBps", float64(size)/1e6/d)
				}
				rng := rand.New(rand.NewSource(int64(run)))
				ranged := func(metric string, n int, length int64) (float64, error) {
					cmp := make([]byte, length)
					var last int64
					d, err := timed(p, metric, func() error {
						for range n {
							off := rng.Int63n(size - length)
							last = off
							resp, err := p.do("GET", rel, nil, 0, map[string]string{"Range": fmt.Sprintf("bytes=%d-%d", off, off+length-1)})
							if err != nil {
								return err
							}
							_, err = io.ReadFull(resp.Body, rbuf[:length])
							if resp.StatusCode != 206 && err == nil {
								err = fmt.Errorf("Range: status %d", resp.StatusCode)
							}
							if err == nil {
								io.Copy(io.Discard, resp.Body)
							}
							resp.Body.Close()
							if err != nil {
								return err
							}
						}
						return nil
					})
					if err == nil {
						if _, err = sf.ReadAt(cmp, last); err == nil && !bytes.Equal(cmp, rbuf[:length]) {
							note(p, metric+": WRONG BYTES")
						}
					}
					return d, err
				}
				if d, err := ranged("range1M", 300, 1<<20); err == nil {
					rec(p, "range1M_MBps", 300*float64(1<<20)/1e6/d)
				}
				if d, err := ranged("range64K", 500, 64<<10); err == nil {
					rec(p, "range64K_per_s", 500/d)
				}
				if p.kind != "get" {
					p.simple("DELETE", rel, nil, nil)
				}
			}
			logf("big done")
		}
		if phase["list"] {
			for _, n := range sizes {
				for _, b := range bodies {
					for _, p := range order {
						if p.kind != "dav" {
							continue
						}
						dir := fmt.Sprintf("davbench/list-%d/", n)
						m := fmt.Sprintf("list%d_%s", n, b.key)
						for range 2 {
							d, err := timed(p, m, func() error { return p.list(dir, b, &xml) })
							if err != nil {
								break
							}
							if k := len(reResp.FindAll(xml.Bytes(), -1)); k != n+1 {
								note(p, fmt.Sprintf("%s: %d responses, want %d", m, k, n+1))
							}
							rec(p, m+"_ms", d*1e3)
							rec(p, m+"_kB", float64(xml.Len())/1e3)
						}
					}
				}
			}
			logf("list done")
		}
		if phase["small"] || phase["ops"] {
			blob := make([]byte, 4096)
			rand.New(rand.NewSource(7)).Read(blob)
			for _, p := range order {
				if p.kind != "dav" {
					continue
				}
				w := fmt.Sprintf("davbench/work-%d-%d/", os.Getpid(), run)
				for _, d := range []string{w, w + "s/", w + "d/", w + "c/", w + "m/"} {
					if err := p.mkcol(d); err != nil {
						note(p, err.Error())
					}
				}
				rate := func(metric string, n int, f func(i int) error) bool {
					d, err := timed(p, metric, func() error { return each(n, *conc, f) })
					if err == nil {
						rec(p, metric+"_per_s", float64(n)/d)
					} else {
						logf("%s: %s: %v", p.name, metric, err)
					}
					return err == nil
				}
				sn := func(i int) string { return fmt.Sprintf("f%05d.txt", i) }
				rate("put4k", *small, func(i int) error { return p.must(ok2xx, "PUT", w+"s/"+sn(i), blob, nil) })
				rate("get4k", *small, func(i int) error {
					resp, err := p.do("GET", w+"s/"+sn(i), nil, 0, nil)
					if err != nil {
						return err
					}
					n, err := io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
					if err == nil && (resp.StatusCode != 200 || n != 4096) {
						err = fmt.Errorf("status %d, %d bytes", resp.StatusCode, n)
					}
					return err
				})
				if phase["ops"] {
					rate("mkcol", *ops, func(i int) error {
						return p.must(ok2xx, "MKCOL", fmt.Sprintf("%sd/d%05d/", w, i), nil, nil)
					})
					from := w + "c/" // MOVE and DELETE work on the copies, or on the originals where COPY fails
					if !rate("copy", *ops, func(i int) error {
						return p.must(ok2xx, "COPY", w+"s/"+sn(i), nil, map[string]string{"Destination": p.dest(w + "c/" + sn(i)), "Overwrite": "F"})
					}) {
						from = w + "s/"
					}
					rate("move", *ops, func(i int) error {
						return p.must(ok2xx, "MOVE", from+sn(i), nil, map[string]string{"Destination": p.dest(w + "m/" + sn(i)), "Overwrite": "F"})
					})
					rate("delete", *ops, func(i int) error { return p.must(ok2xx, "DELETE", w+"m/"+sn(i), nil, nil) })
				}
				// one recursive DELETE of everything left: small + ops files and directories
				d, err := timed(p, "rmtree", func() error { return p.must(ok2xx, "DELETE", w, nil, nil) })
				if err == nil {
					rec(p, "rmtree_ms", d*1e3)
				}
			}
			syscall.Sync()
			logf("small/ops done")
		}
	}
	report(peers)
	fmt.Printf("\nelapsed %.0fs, of which waiting for %s %.0fs\n", time.Since(start).Seconds(), lockPath, lockWait.Seconds())
	if *out != "" {
		b, _ := json.MarshalIndent(map[string]any{"samples": results, "notes": notes, "args": os.Args, "when": start.UTC().Format(time.RFC3339)}, "", " ")
		os.WriteFile(*out, b, 0o644)
	}
}

func median(v []float64) float64 {
	s := append([]float64{}, v...)
	sort.Float64s(s)
	n := len(s)
	if n == 0 {
		return 0
	}
	return (s[(n-1)/2] + s[n/2]) / 2
}

func report(peers list) {
	var ms []string
	for m := range results {
		ms = append(ms, m)
	}
	sort.Strings(ms)
	for _, m := range ms {
		if strings.HasPrefix(m, "rss_") || strings.HasPrefix(m, "cpu_") || strings.HasSuffix(m, "_kB") {
			continue
		}
		lower := strings.HasSuffix(m, "_ms")
		best, anyDav := 0.0, false
		for _, p := range peers {
			anyDav = anyDav || p.kind == "dav"
		}
		for _, p := range peers {
			if v := median(results[m][p.name]); v > 0 && (p.kind == "dav" || !anyDav) && (best == 0 || (lower && v < best) || (!lower && v > best)) {
				best = v
			}
		}
		fmt.Printf("\n%s (best peer %.4g)\n", m, best)
		key := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(m, "_ms"), "_per_s"), "_MBps")
		for _, p := range peers {
			s := results[m][p.name]
			if len(s) == 0 {
				continue
			}
			v := median(s)
			x := v / best
			if lower {
				x = best / v
			}
			lo, hi := s[0], s[0]
			for _, y := range s {
				lo, hi = min(lo, y), max(hi, y)
			}
			fmt.Printf("  %-13s %10.5g  ratio %.2f  [%.4g..%.4g] n=%d  cpu %.2fs  rss %.0f MiB", p.name, v, x, lo, hi, len(s),
				median(results["cpu_s:"+key][p.name]), median(results["rss_MiB:"+key][p.name]))
			if kb := results[key+"_kB"][p.name]; len(kb) > 0 {
				fmt.Printf("  %.0f kB", median(kb))
			}
			fmt.Println()
		}
	}
	fmt.Println("\npeak RSS over all phases (MiB, VmHWM summed over the server's processes)")
	for _, p := range peers {
		top, at := 0.0, ""
		for m, by := range results {
			if strings.HasPrefix(m, "rss_") {
				for _, v := range by[p.name] {
					if v > top {
						top, at = v, m[8:]
					}
				}
			}
		}
		if top > 0 {
			fmt.Printf("  %-13s %6.0f  (%s)\n", p.name, top, at)
		}
	}
	for n, m := range notes {
		for s, k := range m {
			fmt.Printf("NOTE %s: %s (x%d)\n", n, s, k)
		}
	}
}
