package static_test

import "errors"

// readQR reads a QR code (ISO/IEC 18004) of one segment of bytes and correction level M, version 2 to 6, which no dirt has touched: the codewords are taken
// as they are. dark tells each module, without the quiet zone.
func readQR(size int, dark func(x, y int) bool) (string, error) {
	version := (size - 17) / 4
	blocks := map[int]struct{ count, data int }{2: {1, 28}, 3: {1, 44}, 4: {2, 32}, 5: {2, 43}, 6: {4, 27}}[version]
	if blocks.count == 0 || size != 17+4*version {
		return "", errors.New("no such version")
	}
	format := 0 // the 15 bits beside the upper left finder, from the highest on
	for i := range 15 {
		x, y := []int{0, 1, 2, 3, 4, 5, 7, 8, 8, 8, 8, 8, 8, 8, 8}[i], []int{8, 8, 8, 8, 8, 8, 8, 8, 7, 5, 4, 3, 2, 1, 0}[i]
		format = format<<1 | bit(dark(x, y))
	}
	format ^= 0x5412
	if format>>13 != 0 {
		return "", errors.New("the level is not M")
	}
	masked := []func(x, y int) bool{
		func(x, y int) bool { return (x+y)%2 == 0 }, func(x, y int) bool { return y%2 == 0 }, func(x, y int) bool { return x%3 == 0 }, func(x, y int) bool { return (x+y)%3 == 0 },
		func(x, y int) bool { return (y/2+x/3)%2 == 0 }, func(x, y int) bool { return x*y%2+x*y%3 == 0 }, func(x, y int) bool { return (x*y%2+x*y%3)%2 == 0 },
		func(x, y int) bool { return ((x+y)%2+x*y%3)%2 == 0 },
	}[format>>10&7]
	isFunction := func(x, y int) bool {
		corner := x < 9 && y < 9 || x >= size-8 && y < 9 || x < 9 && y >= size-8
		alignment := x >= size-9 && x < size-4 && y >= size-9 && y < size-4
		return corner || alignment || x == 6 || y == 6
	}
	var codewords []byte
	current, bits, up := 0, 0, true
	for right := size - 1; right > 0; right -= 2 {
		if right == 6 { // the column of the timing pattern
			right--
		}
		for step := range size {
			y := step
			if up {
				y = size - 1 - step
			}
			for _, x := range []int{right, right - 1} {
				if isFunction(x, y) {
					continue
				}
				current = current<<1 | bit(dark(x, y) != masked(x, y))
				if bits++; bits == 8 {
					codewords, current, bits = append(codewords, byte(current)), 0, 0
				}
			}
		}
		up = !up
	}
	var data []byte // the blocks take turns
	for block := range blocks.count {
		for i := range blocks.data {
			data = append(data, codewords[i*blocks.count+block])
		}
	}
	// Four bits say what follows, eight how many, and then the text lies across the codewords.
	if data[0]>>4 != 4 {
		return "", errors.New("no segment of bytes")
	}
	length := int(data[0]&15)<<4 | int(data[1]>>4)
	if length > len(data)-2 {
		return "", errors.New("longer than the code")
	}
	text := make([]byte, length)
	for i := range text {
		text[i] = data[i+1]<<4 | data[i+2]>>4
	}
	return string(text), nil
}

func bit(dark bool) int {
	if dark {
		return 1
	}
	return 0
}
