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

table "Exits: \`trap\`" HV_EXIT exits.h "vector | name | meaning"
table "Hypercalls: \`req\`" HV_HCALL hcalls.h "number | name, after H_ | family | arguments, r4 and up"
table "Return codes: \`hcall_rc\`" HV_HCALL_RC hcall_rcs.h "value | name, after H_"
table "Bits of \`msr\`" HV_MSR_BIT bits.h "bit, from the least significant | name"
table "Bits of \`dsisr\`" HV_DSISR_BIT bits.h "bit, from the least significant | name | meaning"
