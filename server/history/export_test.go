package history

// SampleIfDue is what Run does each minute.
var SampleIfDue = (*Store).sampleIfDue
