package main

import (
	"fmt"
	"strings"
)

// In each script a loop over the words before the cursor finds the command that they are of, and which of them are values
// of flags.

func bashCompletion(places []completionPlace) string {
	var commands, values, offers strings.Builder
	for _, place := range places {
		for _, command := range place.commands {
			commands.WriteString(caseOf(place.path, command.word, "at="+shellQuoted(strings.TrimLeft(place.path+" "+command.word, " "))))
		}
		var words []string
		for _, flag := range place.flags {
			words = append(words, "--"+flag.word)
			if !flag.value {
				continue
			}
			for _, written := range flag.written() {
				then := "offer="
				if flag.files {
					then = "files=1"
				} else if flag.words != nil {
					then = "offer=" + shellQuoted(strings.Join(flag.words, " "))
				}
				values.WriteString(caseOf(place.path, written, then+"; value=1"))
			}
		}
		for _, command := range place.commands {
			words = append(words, command.word)
		}
		then := "offer=" + shellQuoted(strings.Join(append(words, place.words...), " "))
		if place.files {
			then += "; files=1"
		}
		offers.WriteString(fmt.Sprintf("    %s) %s ;;\n", shellQuoted(strings.TrimLeft(place.path, " ")), then))
	}
	return `# Completes thorpe in bash: source <(thorpe completion bash)
_thorpe_value() { # whether the flag $2 of the command $1 takes a value, and which
  value= offer= files=
  case "${1:+$1 }$2" in
` + values.String() + `  esac
}
_thorpe() {
  local at= offer= files= value= skip= i word cur="${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${COMP_WORDS[i]}"
    if [ -n "$skip" ]; then skip=; continue; fi
    case "$word" in
    -*) _thorpe_value "$at" "$word"; skip=$value; continue ;;
    esac
    case "${at:+$at }$word" in
` + commands.String() + `    esac
  done
  if [ -z "$skip" ]; then
    case "$at" in
` + offers.String() + `    esac
  fi
  COMPREPLY=($(compgen -W "$offer" -- "$cur"))
  if [ -n "$files" ] && [ "${cur#-}" = "$cur" ]; then
    compopt -o filenames 2>/dev/null
    local IFS=$'\n'
    COMPREPLY+=($(compgen -f -- "$cur"))
  fi
}
complete -F _thorpe thorpe
`
}

func zshCompletion(places []completionPlace) string {
	item := func(word, help string) string {
		return " " + shellQuoted(strings.ReplaceAll(word, ":", `\:`)+":"+help)
	}
	var commands, values, offers strings.Builder
	for _, place := range places {
		then := "flags=("
		for _, flag := range place.flags {
			then += item("--"+flag.word, flag.help)
			if !flag.value {
				continue
			}
			for _, written := range flag.written() {
				value := "value=1"
				if flag.files {
					value += "; files=1"
				}
				for _, word := range flag.words {
					value += "; offer+=(" + item(word, "") + ")"
				}
				values.WriteString(caseOf(place.path, written, value))
			}
		}
		then += " ); offer=("
		for _, command := range place.commands {
			commands.WriteString(caseOf(place.path, command.word, "at="+shellQuoted(strings.TrimLeft(place.path+" "+command.word, " "))))
			then += item(command.word, command.help)
		}
		for _, word := range place.words {
			then += item(word, "")
		}
		then += " )"
		if place.files {
			then += "; files=1"
		}
		offers.WriteString(fmt.Sprintf("    %s) %s ;;\n", shellQuoted(strings.TrimLeft(place.path, " ")), then))
	}
	return `#compdef thorpe
# Completes thorpe in zsh: source <(thorpe completion zsh), or put it as _thorpe into a folder of $fpath.
_thorpe_value() { # whether the flag $2 of the command $1 takes a value, and which
  value= files= offer=()
  case "${1:+$1 }$2" in
` + values.String() + `  esac
}
_thorpe() {
  local at= value= files= skip= i word
  local -a offer flags
  for ((i = 2; i < CURRENT; i++)); do
    word="${words[i]}"
    if [[ -n $skip ]]; then skip=; continue; fi
    if [[ $word == -* ]]; then _thorpe_value "$at" "$word"; skip=$value; continue; fi
    case "${at:+$at }$word" in
` + commands.String() + `    esac
  done
  if [[ -z $skip ]]; then
    files= offer=()
    case "$at" in
` + offers.String() + `    esac
  fi
  if [[ -z $skip && ${words[CURRENT]} == -* ]]; then _describe -o 'flag' flags; return; fi
  (( ${#offer} )) && _describe 'word' offer
  [[ -n $files ]] && _files
}
if [[ ${funcstack[1]} == _thorpe ]]; then _thorpe "$@"; else compdef _thorpe thorpe; fi
`
}

func fishCompletion(places []completionPlace) string {
	var commands, values, lines strings.Builder
	for _, place := range places {
		path := strings.TrimLeft(place.path, " ")
		here := "complete -c thorpe -n " + fishQuoted("__thorpe_at "+fishQuoted(path))
		for _, command := range place.commands {
			below := strings.TrimLeft(place.path+" "+command.word, " ")
			fmt.Fprintf(&commands, "            case %s\n                set at %s\n", fishQuoted(below), fishQuoted(below))
			fmt.Fprintf(&lines, "%s -a %s -d %s\n", here, command.word, fishQuoted(command.help))
		}
		for _, flag := range place.flags {
			line := here + " -l " + flag.word + " -d " + fishQuoted(flag.help)
			if flag.short != "" {
				line += " -s " + flag.short
			}
			if flag.value {
				line += " -r"
				for _, written := range flag.written() {
					fmt.Fprintf(&values, " %s", fishQuoted(strings.TrimLeft(place.path+" "+written, " ")))
				}
			}
			if flag.words != nil {
				line += " -a " + fishQuoted(strings.Join(flag.words, " "))
			}
			if flag.files {
				line += " -F"
			}
			lines.WriteString(line + "\n")
		}
		if place.words != nil {
			fmt.Fprintf(&lines, "%s -a %s\n", here, fishQuoted(strings.Join(place.words, " ")))
		}
		if place.files {
			lines.WriteString(here + " -F\n")
		}
	}
	return `# Completes thorpe in fish: thorpe completion fish > ~/.config/fish/completions/thorpe.fish
function __thorpe_at -d 'whether the words before the cursor are of this command'
    set -l at ''
    set -l skip
    set -l words (commandline -opc)
    for word in $words[2..]
        if set -q skip[1]
            set -e skip
            continue
        end
        set -l below (string trim -- "$at $word")
        if string match -q -- '-*' $word
            if contains -- $below` + values.String() + `
                set skip 1
            end
            continue
        end
        switch $below
` + commands.String() + `        end
    end
    test "$at" = "$argv[1]"
end
complete -c thorpe -f
` + lines.String()
}
