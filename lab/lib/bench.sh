# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# ./hv bench: the suites, in one lab host after the other. hvbench measures there
# and shows here; what only we know of a lab host is added to its results.

bench_help() {
	cat <<-EOF
	usage: ./hv bench [OPTION]...

	Measures what exits of a guest cost under our backend, the kernel's own kvm-hv and
	kvm-pr, on the same kernel, in instructions (lab hosts with --icount), writes a
	result file with raw samples and all they depend on, and shows it as a table.

	  --suite exits|dall|switches|workloads|all  exits: all rows of a small guest, and switches
	                                (default); dall: the seven of Dall et al., ISCA 2016;
	                                switches: a Debian guest's boot, partition switches that
	                                it makes; workloads: boot, fork, exec, pipe ... in one
	  --machine power8|power9|power10   may be given again (default: all three)
	  --backend hv|stock|pr         the same (default: all)
	  --mitigations off|auto        (default: both, one after the other)
	  --kernel lab|stock            (default lab; Debian's own has no kvm-pr)
	  --boots N                     lab hosts for each of these (default 2)
	  --quick                       one boot, mitigations=off (unless given), few samples: 10 min
	  --output FILE                 (default build/bench/SUITE.json)
	  --against FILE                in the end compare with an earlier result: status 1 if
	                                a row has become worse

	Other looks at results: hvbench show, hvbench compare (in build/native/bench/hvbench;
	docs/bench.md).
	EOF
}

bench_parse() {
	suite=exits boots='' work_samples='' bench_quick='' mitigations='' bench_kernel=lab result='' against=''
	some_machines='' backends=''
	while [ $# -gt 0 ]; do
		case $1 in
		--suite) need_value "$1" $#; one_of "$1" "$2" exits dall switches workloads all; suite=$2; shift ;;
		--quick) bench_quick=--quick work_samples='--runs 1 --samples 1' ;;
		--machine) need_value "$1" $#; one_of "$1" "$2" power8 power9 power10; some_machines=$(add_word "$some_machines" "$2"); shift ;;
		--backend) need_value "$1" $#; one_of "$1" "$2" hv stock pr; backends=$(add_word "$backends" "$2"); shift ;;
		--mitigations) need_value "$1" $#; one_of "$1" "$2" off auto; mitigations=$2; shift ;;
		--kernel) need_value "$1" $#; one_of "$1" "$2" lab stock; bench_kernel=$2; shift ;;
		--boots) need_value "$1" $#; positive "$1" "$2"; boots=$2; shift ;;
		--output) need_value "$1" $#; result=$2; shift ;;
		--against) need_value "$1" $#; against=$2; shift ;;
		--help | -h) bench_help; exit 0 ;;
		*) usage_error "unknown option $1; see ./hv bench --help" ;;
		esac
		shift
	done
	machines=${some_machines:-$machines} backends=${backends:-hv stock pr}
	# --quick, but for what was given as well
	[ -n "$boots" ] || boots=$([ -n "$bench_quick" ] && echo 1 || echo 2)
	[ -n "$mitigations" ] || mitigations=$([ -n "$bench_quick" ] && echo off || echo "off auto")
	result=$(realpath -m "${result:-$build/bench/$suite.json}")
	[ ! -d "$result" ] || usage_error "--output $result is a folder"
	[ -z "$against" ] || [ -r "$against" ] || usage_error "--against $against: no such file"
	[ -z "$against" ] || [ "$(realpath "$against")" != "$result" ] ||
		usage_error "--against $against: that is where the new result goes; give another --output"
	[ "$backends/$bench_kernel" != pr/stock ] || usage_error "Debian's kernel has no kvm-pr: use --kernel lab"
}

# What there is to do, a line each: SUITE MACHINE BACKEND MITIGATIONS BOOT
bench_jobs() {
	case $suite in
	all) suites="exits workloads" ;;
	*) suites=$suite ;;
	esac
	case $suite$bench_quick in exits | all) suites="$suites switches" ;; esac
	for boot in $(seq "$boots"); do for m in $machines; do for b in $backends; do for x in $mitigations; do
		[ "$b/$bench_kernel" != pr/stock ] || continue
		# one CPU: with two, what is counted are QEMU's turns (docs/bench.md)
		for s in $suites; do
			# QEMU starts no Debian guest of kvm-pr there (docs/guest.md)
			[ "$s/$b/$m" != workloads/pr/power10 ] || continue
			[ "$s" != switches ] || countable "$m" "$b" "$x" "$boot" || continue
			echo "$s $m $b $x $boot"
		done
	done; done; done; done
}

# Partition switches, once: they do not depend on mitigations. On POWER8 the kernel's own backend traces nothing of what
# it handles in real mode, and kvm-pr switches nothing.
countable() { # MACHINE BACKEND MITIGATIONS BOOT
	[ "$1" != power8 ] && [ "$2" != pr ] && [ "$3" = "${mitigations##* }" ] && [ "$4" = 1 ]
}

# Sources that are in no commit. A result that lies in the clone is none. Without git nobody knows.
is_dirty() {
	changes=$(git -C "$root" status --porcelain --untracked-files=no 2>/dev/null) || return 0
	if [ -z "$changes" ]; then echo false; else echo true; fi
}

# Of what is executed: the rest of a program names the folder in which it was built.
code_hash() { # PROGRAM
	"$cross-objcopy" --strip-all --remove-section .note.gnu.build-id "$1" "$raw/code" &&
		sha256sum "$raw/code" | cut -d' ' -f1
	rm -f "$raw/code"
}

# What a lab host does not know of itself, as arguments of hvbench
bench_about() { # SUITE NAME
	quote "--about"; quote "commit=$(git -C "$root" rev-parse HEAD 2>/dev/null)"
	quote "--about"; quote "dirty=$(is_dirty)"
	quote "--about"; quote "emulator=$(qemu-system-ppc64 --version | head -n 1)"
	quote "--about"; quote "emulator_command=$(cat "$raw/$2.qemu")"
	quote "--about"; quote "build_compiler=$("$cross-gcc-$gccver" --version | head -n 1)"
	quote "--about"; quote "kernel_package=$(sed -n 's/^kernel \(linux-image[^ ]*\) .*/\1/p' "$lock_file")"
	if [ "$bench_kernel" = lab ]; then config=$labkernel/config; else config=$kernel/config; fi
	quote "--about"; quote "kernel_config_sha256=$(sha256sum "$config" | cut -d' ' -f1)"
	case $1 in workloads | switches) ;; *) return ;; esac
	quote "--about"; quote "guest_qemu=$(sed -n 's/^root \(qemu-system-ppc_[^ ]*\) .*/\1/p' "$lock_file")"
	[ "$1" = switches ] || { quote "--about"; quote "payload_sha256=$(code_hash "$build/cross/bench/hvwork")"; }
}

# What runs in the lab host, and what its emulator is told besides
bench_command() { # SUITE NAME BACKEND
	plugin=''
	case $1 in
	dall) what="hvbench run --suite dall $bench_quick" ;;
	exits) what="hvbench run $bench_quick" ;;
	switches)
		what="hvbench workloads --switches"
		guest="-- /usr/lib/kvm-hv/boot-switches" ;;
	workloads)
		what="hvbench workloads $work_samples"
		# where programs lie in memory makes kvm-pr take other paths; how far the tests of ciphers, in the background,
		# have come when the boot ends is not the same each time
		guest="-- lab-guest --timeout 30000 --append norandmaps --append cryptomgr.notests -- /usr/lib/kvm-hv/hvwork"
		plugin="--qemu-arg -plugin --qemu-arg $build/native/bench/hvbench/count.so,out=$raw/$2.marks" ;;
	esac
}

# One lab host
bench_job() { # SUITE MACHINE BACKEND MITIGATIONS BOOT
	name=$1-$2-$3-$4-$5
	append='' guest=''
	[ "$4" = auto ] || append="--append mitigations=$4"
	bench_command "$1" "$name"
	# shellcheck disable=SC2086
	(cd "$raw" && HV_COMMAND_FILE=$raw/$name.qemu "$root/hv" exec --icount --kernel "$bench_kernel" --machine "$2" \
		--backend "$3" $append $plugin --timeout 3600 --get "$name.part" -- $what \
		--machine "$2" --backend "$3" --output "$name.part" $guest) >"$raw/$name.log" 2>&1 || {
		tail -n 25 "$raw/$name.log" >&2
		die "no result from $2 with the $3 backend, mitigations=$4; all of it is in $raw/$name.log"
	}
	[ -z "$plugin" ] || { mv "$raw/$name.part" "$raw/$name.ticks" &&
		"$hvbench" marks -o "$raw/$name.part" "$raw/$name.ticks" "$raw/$name.marks"; } || return 1
	eval "set -- $(bench_about "$1" "$name")"
	"$hvbench" merge "$@" -o "$raw/$name.json" "$raw/$name.part"
}

bench_all() {
	total=$(wc -l <"$raw/jobs") n=0 failed=0 t0=$(date +%s)
	while read -r s m b x boot <&3; do
		left="about 1 min each"
		[ $n -eq 0 ] || left="about $((($(date +%s) - t0) * (total - n) / n)) s left"
		n=$((n + 1))
		say "$n of $total: $s, $m, $b, mitigations=$x, boot $boot ($left)"
		(bench_job "$s" "$m" "$b" "$x" "$boot") || failed=$((failed + 1))
	done 3<"$raw/jobs"
}

# All lab hosts, and what comes of it. What lies in $raw is one run's.
bench_measure() {
	rm -rf "$raw" && mkdir -p "$raw" || exit 1
	echo "$jobs" >"$raw/jobs"
	bench_all
	[ "$failed" -lt "$total" ] || die "no lab host gave a result (see above)"
	"$hvbench" merge -o "$result" "$raw"/*.json || exit 1
	say "raw samples and what they depend on: $result"
	[ "$failed" -eq 0 ] || say "$failed of $total lab hosts gave no result (see above): it is not in there"
	set -- --limits "$root/bench/limits"
	[ "$suite" != workloads ] || set --	# of which there are none
	"$hvbench" show "$@" "$result" || failed=1
	[ -z "$against" ] || "$hvbench" compare "$against" "$result" || failed=1
	[ "$failed" -eq 0 ]
}

cmd_bench() {
	bench_parse "$@"
	jobs=$(bench_jobs)
	[ -n "$jobs" ] || usage_error "nothing to do: switches are counted on power9 and power10, hv and stock; no Debian guest of kvm-pr starts on power10"
	# not after half an hour
	{ mkdir -p "$(dirname "$result")" && touch "$result.try" && rm "$result.try"; } 2>/dev/null ||
		die "--output $result: can't write there"
	ensure_lab
	[ "$bench_kernel" = stock ] || ensure_other_kernel lab
	hvbench=$build/native/bench/hvbench/hvbench
	[ -z "$against" ] || "$hvbench" merge "$against" >/dev/null || exit 1
	raw=$build/bench/$(basename "$result" .json).raw
	with_lock "${raw%.raw}.lock" bench_measure
}
