package shares

import (
	"errors"
	"io"
	"testing"
	"time"
)

// hanging is a request whose connection brings these bytes and then nothing, until it is interrupted.
func hanging(offset int64, b []byte) (p Patch, reading <-chan struct{}) {
	pipe, writer := io.Pipe()
	sent := make(chan struct{})
	go func() {
		writer.Write(b)
		writer.Write(nil) // is read when the bytes before it have been dealt with
		close(sent)
	}()
	return Patch{Offset: offset, Length: -1, Size: -1, Body: pipe, Interrupt: func() {
		writer.CloseWithError(errors.New("interrupted"))
	}}, sent
}

func TestOneRequestAtATimeWritesToAnUpload(t *testing.T) {
	r := newRig(t)
	u := r.upload(ForDrive, -1)
	p, sent := hanging(0, noise(10))
	first := make(chan error)
	go func() {
		_, err := r.Append(t.Context(), r.ann, u.ID, p)
		first <- err
	}()
	<-sent
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(5))); !errors.Is(err, ErrUploadBusy) {
		t.Errorf("a second request while the first moves: %v", err)
	}
	if got := r.offset(u); got != 0 {
		t.Errorf("asking disturbed the first: offset %d", got)
	}

	// The first is silent for a while, as if its connection were gone: the next takes its place, and nothing that came is lost.
	r.clock.advance(staleAfter)
	if got := r.offset(u); got != 10 {
		t.Errorf("after the first went silent: offset %d, want 10", got)
	}
	if err := <-first; !errors.Is(err, ErrInterrupted) {
		t.Errorf("the first ended with %v", err)
	}
	if _, err := r.Append(t.Context(), r.ann, u.ID, patch(10, noise(5))); err != nil {
		t.Errorf("the next request: %v", err)
	}
}

func TestARequestTakesOverFromASilentOne(t *testing.T) {
	r := newRig(t)
	u := r.upload(ForDrive, -1)
	p, sent := hanging(0, nil)
	first := make(chan error)
	go func() {
		_, err := r.Append(t.Context(), r.ann, u.ID, p)
		first <- err
	}()
	<-sent
	r.clock.advance(staleAfter)
	if got, err := r.Append(t.Context(), r.ann, u.ID, patch(0, noise(5))); err != nil || got.Offset != 5 {
		t.Errorf("%+v, %v", got, err)
	}
	if err := <-first; !errors.Is(err, ErrInterrupted) {
		t.Errorf("the first ended with %v", err)
	}
}

func TestDeletingAnUploadEndsTheRequestThatWritesToIt(t *testing.T) {
	r := newRig(t)
	u := r.upload(ForDrive, -1)
	p, sent := hanging(0, noise(10))
	first := make(chan error)
	go func() {
		_, err := r.Append(t.Context(), r.ann, u.ID, p)
		first <- err
	}()
	<-sent
	if err := r.DeleteUpload(t.Context(), r.ann.ID, u.ID); err != nil {
		t.Fatal(err)
	}
	if err := <-first; err == nil {
		t.Error("the request ended well")
	}
	if left := r.files("incoming"); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestAnInterruptNeverComesAfterTheEnd(t *testing.T) {
	turns := turns{running: map[ID]*turn{}, now: time.Now}
	interrupted := false
	mine, err := turns.take(t.Context(), ID{}, func() { interrupted = true }, always)
	if err != nil {
		t.Fatal(err)
	}
	mine.end()
	mine.stop(t.Context()) // by one who had found it just before
	if interrupted {
		t.Error("the interrupt came when another request may have the connection")
	}
	if len(turns.running) != 0 {
		t.Error("a turn is left over")
	}
}

func TestASweepLeavesARunningUploadAlone(t *testing.T) {
	r := newRig(t)
	u := r.upload(ForDrive, -1)
	p, sent := hanging(0, noise(10))
	first := make(chan error)
	go func() {
		_, err := r.Append(t.Context(), r.ann, u.ID, p)
		first <- err
	}()
	<-sent
	r.clock.advance(uploadLife)
	if err := r.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Interrupt()
	if err := <-first; !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	if got := r.offset(u); got != 10 {
		t.Errorf("offset %d: its time begins anew with the last byte", got)
	}
}
