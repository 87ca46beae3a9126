#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# generate.sh HVBENCH RESULTS OUT: all tables, data of figures and numbers of the paper
# and of the README, from the result files in RESULTS, into OUT.
# generate.sh --check RESULTS: are they there? If not, says how to make them.
set -eu

here=$(dirname "$(realpath "$0")")
# The paper is about exits; without workloads it has some tables less, and without radix, ours and stock on a radix
# host with Debian's kernel, the tables of that.
check() { # RESULTS
	suites=
	for s in exits workloads; do
		[ ! -s "$1/$s.json" ] || { suites="$suites $s"; continue; }
		echo "hv: $1/$s.json is missing; to make it: ./hv bench --suite $s --output $1/$s.json" >&2
		[ $s != exits ] || exit 1
	done
	[ ! -s "$1/radix.json" ] || suites="$suites radix"
}

[ "$1" != --check ] || { check "$2"; exit; }
hvbench=$1 results=$2 out=$3
check "$results"
mkdir -p "$out"

for s in $suites; do
	"$hvbench" show -f csv "$results/$s.json" >"$out/$s.csv"
done

table() { # NAME SUITE VARIABLE=VALUE...
	t=$1 s=$2
	shift 2
	for v; do set -- "$@" -v "$v"; shift; done
	awk "$@" -f "$here/tables.awk" "$out/$s.csv" >"$out/$t"
}

# What each row counts, by "hvbench rows"
{
printf '%s\n' '\begin{tabular}{@{}lp{.76\linewidth}@{}}\toprule'
"$hvbench" rows | sed 's/[_#%&$]/\\&/g; s/\^\([0-9]*\)/\\textsuperscript{\1}/g; /^$/d
	s/^  \([^ ]*\)  *\(.*\)/\\texttt{\1} \& \2\\\\/; t; s/\(.*\):$/\\multicolumn{2}{@{}l}{\\emph{\1}}\\\\/'
printf '%s\n' '\bottomrule\end{tabular}'
} >"$out/rows.tex"

# Names, one a line, joined by |
joined() { paste -sd '|'; }

main=$(grep -v '^#' "$here/main-rows" | joined)
dall=$("$hvbench" rows | sed -n 's/^  \([^ ]*\) .*\[Dall et al\.: \(.*\)\]$/\1=\2/p' | joined)
priv=$(awk -F, '$5 == "privileged instructions" && !seen[$6]++ { print $6 }' "$out/exits.csv" | joined)
[ -n "$main" ] && [ -n "$dall" ] && [ -n "$priv" ]

for s in $suites; do
	prefix=
	[ "$s" != radix ] || prefix=radix:
	table "values-$s.tex" "$s" want=values "prefix=$prefix"
done
# What watching may cost, which a test measures (tests/lab/tracecosts.sh)
awk '!/^#/ && ($2 == "statistics" || $2 == "records") { print "\\hvdef{limit:" $2 ":" $1 "}{" $3 "}" }' "$here/../bench/limits" >"$out/values-limits.tex"
for m in power8 power9 power10; do
	for x in off auto; do table "full-$m-$x.tex" exits want=full "machine=$m" "mitigations=$x"; done
	table "main-$m.dat" exits want=data "machine=$m" mitigations=off "rows=$main"
	table "priv-$m.dat" exits want=data "machine=$m" mitigations=off "rows=$priv"
done
table main.tex exits want=main mitigations=off "rows=$main"
table main-auto.tex exits want=main mitigations=auto "rows=$main"
table dall.tex exits want=dall mitigations=off "rows=$dall"
for x in off auto; do table "worse-$x.tex" exits want=worse "mitigations=$x"; done
table skipped.tex exits want=skipped
case $suites in *workloads*)
	table workloads.tex workloads want=workloads mitigations=off
	for m in power8 power9 power10; do
		for x in off auto; do table "work-$m-$x.tex" workloads want=full of=workloads "machine=$m" "mitigations=$x"; done
	done
esac
case $suites in *radix*)
	for x in off auto; do table "radix-$x.tex" radix want=full machine=power9 "mitigations=$x"; done
esac
for x in off auto; do table "readme-$x.md" exits want=readme "mitigations=$x" "rows=$main"; done
cat "$out/readme-off.md" "$out/readme-auto.md" >"$out/readme.md"

# What the results depend on, as far as the runs name it: each value once.
about() { # KEY FILE [LENGTH]
	grep -o "\"$1\": *\"[^\"][^\"]*\"" "$2" | sed 's/^"[^"]*": *"\(.*\)"/\1/' | cut -c"1-${3:-999}" | sort -u |
		sed 's/[_#%&$]/\\&/g; s/~/\\textasciitilde{}/g' | paste -sd ';' | sed 's/;/; /g'
}
samples() { # SUITE
	awk -F, 'NR > 1 && $9 { n += $9; k = $9 " of " $11 + 0 " runs in " $10 + 0 " boots"; if (++seen[k] > seen[most]) most = k }
		END { print n " in all; most rows of a backend: " most }' "$out/$1.csv"
}
# KEY or "samples", and its value in each suite: once if it is the same in all
line() { # KEY [LENGTH]
	for s in $suites; do
		if [ "$1" = samples ]; then v=$(samples "$s"); else v=$(about "$1" "$results/$s.json" "${2:-999}"); fi
		[ -z "$v" ] || printf '%s\t%s\n' "$s" "$v"
	done | K="$(echo "$1" | tr _ ' ')" N="$(echo "$suites" | wc -w)" awk -F '\t' '
		{ text = text (NR > 1 ? "; " : "") $1 ": " $2; if (!seen[$2]++) n++; last = $2 }
		END { if (NR) print ENVIRON["K"] " & " (n == 1 && NR == ENVIRON["N"] ? last : text) "\\\\" }'
}
{
printf '%s\n' '\begin{tabular}{@{}lp{.76\linewidth}@{}}\toprule'
line date 10
for k in kernel kernel_package cpus mmu page_size memory emulator guest_qemu build_compiler tracing dirty; do line $k; done
for k in commit kernel_config_sha256 payload_sha256 module_srcversion; do line $k 16; done
line samples
printf '%s\n' '\bottomrule\end{tabular}'
} >"$out/environment.tex"

# Counting cycles makes full exits of the kernel's kvm-hv longer (docs/bench.md): the paper says so.
rm -f "$out/cycles.tex"
! grep -q '"cycles": *\[' "$results/exits.json" || : >"$out/cycles.tex"

# The SVG says what it was made from, so that a stale one is found without gnuplot.
cat "$here/figure.gp" "$out/main-power9.dat" | sha256sum | cut -c1-32 >"$out/figure.key"
