#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# events_md.sh DIR: docs/events.md, from the trace header and the lists in DIR.
set -eu
cd "$1"

cat <<'END'
# Trace events

Made by `tracepoints/events_md.sh` from the trace header and the lists beside it: change those, not this
page (a test compares them).

`perf list 'kvm_hv:*'`, `trace-cmd list -e kvm_hv` and `/sys/kernel/tracing/events/kvm_hv/` show them on a
running host; `hvtrace record` records them. Events and fields that the kernel's own kvm-hv has too keep its
names and its order; ours follow. Times (`tb...`) are host timebase ticks.

## Events
END

awk '
	/^\/\* / { comment = $0 }
	comment && !/\*\// && !/^TRACE_EVENT/ { if ($0 != comment) comment = comment " " $0 }
	/^TRACE_EVENT(_FN)?\(/ {
		name = $0; sub(/.*[(]/, "", name); sub(/,.*/, "", name)
		sub(/^\/\* /, "", comment); sub(/ \*\/.*/, "", comment)
		printf "\n### kvm_hv:%s\n\n%s\n\n| field | type |\n|---|---|\n", name, comment
		comment = ""
	}
	/^\t\t__field\(/ {
		f = $0; sub(/^\t\t__field\(/, "", f); sub(/\)[^)]*$/, "", f)
		n = split(f, part, /,[ \t]*/)
		printf "| `%s` | %s |\n", part[2], part[1]
	}
	/^\t\t__dynamic_array\(/ {
		f = $0; sub(/^\t\t__dynamic_array\(/, "", f); sub(/\)[^)]*$/, "", f)
		split(f, part, /,[ \t]*/)
		printf "| `%s` | %s[] |\n", part[2], part[1]
	}
	/^$/ { comment = "" }' kvm_hv_trace.h

table() { # TITLE MACRO FILE HEADS...
	printf '\n## %s\n\n| %s |\n|%s\n' "$1" "$4" "$(echo "$4" | sed 's/[^|]*|/---|/g; s/[^|]*$/---|/')"
	sed -n "s/^$2(\(.*\))\$/\1/p" "$3" | awk '{
		line = $0; rest = ""
		if (match(line, /"[^"]*"$/)) {
			rest = substr(line, RSTART + 1, RLENGTH - 2)
			line = substr(line, 1, RSTART - 1)
			sub(/, *$/, "", line)
		}
		n = split(line, part, /, */)
		printf "| `%s`", part[1]
		for (i = 2; i <= n; i++) printf " | %s", part[i]
		if (columns > n || rest != "") printf " | %s", rest
		print " |"
	}' columns="$(echo "$4" | awk -F'|' '{ print NF }')"
}

cat <<'END'

## Records: the words of kvm_records

Each begins with `tb` and a head that has its kind, length, interrupt vector and ticks; `records.h` beside the
trace header describes that, and the words of "fault".

| kind | words after the head | what it tells; tb; ticks |
|---|---|---|
END
awk '
	/^HV_RECORD\(/ { row = "" ; in_row = 1 }
	in_row { line = $0; sub(/^[ \t]+/, " ", line); row = row line }
	in_row && /\)$/ {
		in_row = 0
		sub(/^HV_RECORD\([0-9]+, /, "", row); sub(/\)$/, "", row)
		name = row; sub(/,.*/, "", name)
		split(row, part, "\"")
		printf "| %s | %s | %s |\n", name, part[2], part[4]
	}' records.h

table "Exits: \`trap\`" HV_EXIT exits.h "vector | name | meaning"
table "Hypercalls: \`req\`" HV_HCALL hcalls.h "number | name, after H_ | family | arguments, r4 and up"
table "Return codes: \`hcall_rc\`" HV_HCALL_RC hcall_rcs.h "value | name, after H_"
table "Bits of \`msr\`" HV_MSR_BIT bits.h "bit, from the least significant | name"
table "Bits of \`dsisr\`" HV_DSISR_BIT bits.h "bit, from the least significant | name | meaning"
