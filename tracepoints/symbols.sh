#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# symbols.sh DIR: writes, from the lists in DIR, one macro per list that holds
# its rows as { number, "NAME" }, comma separated: what __print_symbolic takes.
# (A list can't be included inside a macro's argument, hence this step.)
set -eu
cd "$1"
rows() { # MACRO FILE PREFIX NEW_NAME
	sed -n "s/^$1( *\([^,]*\), *\([A-Za-z0-9_]*\) *[,)].*/{ \1, \"$3\2\" }/p" "$2" |
		awk -v name="$4" 'BEGIN { printf "#define %s", name }
			{ printf "%s \\\n\t%s", (NR > 1 ? "," : ""), $0 }
			END { print "" }'
}
echo '/* SPDX-License-Identifier: GPL-2.0 */'
echo '/* Made by tracepoints/symbols.sh. */'
rows HV_EXIT exits.h '' hv_exit_symbols
rows HV_HCALL hcalls.h H_ hv_hcall_symbols
rows HV_HCALL_RC hcall_rcs.h H_ hv_hcall_rc_symbols
