package dav

import "time"

const months, days = "JanFebMarAprMayJunJulAugSepOctNovDec", "SunMonTueWedThuFriSat"

// appendHTTPTime appends a time as in RFC 9110, 5.6.7: what AppendFormat does with http.TimeFormat, in a fifth of the time.
func appendHTTPTime(b []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return t.AppendFormat(b, "Mon, 02 Jan 2006 15:04:05 GMT")
	}
	b = append(append(b, days[3*t.Weekday():3*t.Weekday()+3]...), ',', ' ')
	b = append(append2(b, day), ' ')
	b = append(append(b, months[3*month-3:3*month]...), ' ')
	b = append(append2(append2(b, year/100), year%100), ' ')
	return append(appendClock(b, t), ' ', 'G', 'M', 'T')
}

// appendISOTime appends a time as in RFC 3339, whole seconds of UTC.
func appendISOTime(b []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return t.AppendFormat(b, time.RFC3339)
	}
	b = append(append2(append2(b, year/100), year%100), '-')
	b = append(append2(append(append2(b, int(month)), '-'), day), 'T')
	return append(appendClock(b, t), 'Z')
}

func appendClock(b []byte, t time.Time) []byte {
	hour, minute, second := t.Clock()
	return append2(append(append2(append(append2(b, hour), ':'), minute), ':'), second)
}

// append2 appends a number below 100 as two digits.
func append2(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }
