# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# ./hv bench: suites of measurements, each a payload that runs under every
# backend alike. Raw samples go to one JSON file with all that they depend on.

bench_help() {
	cat <<-EOF
	usage: ./hv bench [--suite exits] [--quick] [--machine power8|power9|power10]
	                  [--backend hv|stock] [--output FILE]

	What exits of a guest cost, in instructions (lab hosts with --icount, where one
	instruction takes one nanosecond) and in timebase ticks: ours and the kernel's own
	backend from one run, with mitigations=off and with the default ones, on all
	machines or on one. The result file (default build/bench/exits.json) has the raw
	samples. Ends non-zero if a limit of ours is exceeded.

	  --quick   three samples of a tenth of the iterations, mitigations=off only
	EOF
}

json_string() {
	printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

provenance() {
	commit=$(git -C "$root" rev-parse HEAD 2>/dev/null)
	dirty=false
	[ -z "$(git -C "$root" status --porcelain 2>/dev/null)" ] || dirty=true
	cat <<-EOF
	{ "schema": "kvm-hv bench 1", "suite": $(json_string "$suite"),
	  "date": "$(date -u +%Y-%m-%dT%H:%M:%SZ)", "commit": $(json_string "$commit"), "dirty": $dirty,
	  "kernel": $(json_string "$kver"), "kernel_config": "$(sha256sum "$kernel_dir/.config" | cut -c1-16)",
	  "compiler": $(json_string "$("$cross-gcc-$gccver" --version | head -n 1)"),
	  "qemu": $(json_string "$(qemu-system-ppc64 --version | head -n 1)"),
	  "payload": "$(sha256sum "$build/cross/bench/payload/exits_bench.bin" | cut -c1-16)",
	  "hardware": "emulated, -icount shift=0,sleep=off: 1 instruction = 1 ns, timebase 512 MHz", "tracing": false,
	EOF
}

# One lab host: the payload's samples, one a line.
measure() { # MACHINE BACKEND MITIGATIONS
	append=''
	[ "$3" = auto ] || append="--append mitigations=$3"
	# shellcheck disable=SC2086
	"$root/hv" exec --icount --machine "$1" --backend "$2" $append --timeout 400 -- \
		hvrun -T 300 -r "r6=$samples" -r "r7=$percent" /usr/lib/kvm-hv/payloads/exits_bench.bin \
		>"$out/$1-$2-$3" 2>"$out/$1-$2-$3.err" && grep -q '^sample' "$out/$1-$2-$3" && return
	cat "$out/$1-$2-$3" "$out/$1-$2-$3.err" >&2
	die "no result from $1 with the $2 backend, mitigations=$3"
}

measure_all() {
	total=0 n=0 t0=$(date +%s)
	for m in $machines; do for b in $backends; do for x in $mitigations; do
		total=$((total + 1))
	done; done; done
	for m in $machines; do for b in $backends; do for x in $mitigations; do
		left="about 1 min each"
		[ $n -eq 0 ] || left="about $((($(date +%s) - t0) * (total - n) / n)) s left"
		n=$((n + 1))
		say "$n of $total: $m, $b, mitigations=$x ($left)"
		measure "$m" "$b" "$x" || exit 1
	done; done; done
}

# All the samples: MACHINE BACKEND MITIGATIONS ROW COUNT TICKS
gather() {
	for m in $machines; do for b in $backends; do for x in $mitigations; do
		awk -v where="$m $b $x" '$1 == "sample" { print where, $2, $3, $4 }' "$out/$m-$b-$x"
	done; done; done
}

cmd_bench() {
	suite=exits samples=10 percent=100 mitigations="off auto" backends="hv stock" result=$build/bench/exits.json
	while [ $# -gt 0 ]; do
		case $1 in
		--suite) need_value "$1" $#; suite=$2; shift ;;
		--quick) samples=3 percent=10 mitigations=off ;;
		--machine) need_value "$1" $#; one_of "$1" "$2" power8 power9 power10; machines=$2; shift ;;
		--backend) need_value "$1" $#; one_of "$1" "$2" hv stock; backends=$2; shift ;;
		--output) need_value "$1" $#; result=$2; shift ;;
		--help | -h) bench_help; exit 0 ;;
		*) usage_error "unknown option $1; see ./hv bench --help" ;;
		esac
		shift
	done
	one_of --suite "$suite" exits
	ensure_lab
	out=$build/bench/raw
	rm -rf "$out" && mkdir -p "$out" "$(dirname "$result")" || exit 1
	measure_all || exit 1
	gather >"$out/all"
	{ provenance; awk -f "$lib/bench-json.awk" "$out/all"; } >"$result" || die "can't write $result"
	say "raw samples and what they depend on: $result"
	grep -v '^#' "$root/bench/limits" | awk -f "$lib/bench-table.awk" - "$out/all"
}
