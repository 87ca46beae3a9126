# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# ./hv test: checks of the sources, unit tests, the module's build, ./hv itself,
# and tests/lab/ on each machine.

results=$build/test
machines="power8 power9 power10"

test_help() {
	cat <<-EOF
	usage: ./hv test [--quick] [--machine power8|power9|power10] [NAME]...

	All tests; --machine may be given again; --quick: those that boot nothing. With names: those files of
	tests/lab and tests/hv only. With HV_LONG=1 in the environment also those that
	take an hour. The last line is "N passed, N failed, N skipped".
	EOF
}

# check NAME CMD...: one point, silent when it passes
check() {
	name=$1
	shift
	echo "#hv begin $name"
	t0=$(date +%s)
	out=$("$@" 2>&1)
	status=$?
	[ -z "$out" ] || echo "$out"
	[ $status -eq 0 ] && echo "ok 1 - $name" || echo "not ok 1 - $name"
	echo "1..1"
	echo "#hv end $name 0 $(($(date +%s) - t0)) 0"
}

# tally WHERE [DIED] <output: adds to this run's results
tally() {
	n=$(mktemp "$results/counts.XXXXXX")
	DIED=${2:-} awk -v where="$1" -v counts="$n" -f "$root/lab/tap.awk"
}

sources() {
	find "$root" \( -path "$build" -o -name .git \) -prune -o -type f -print
}

shell_scripts_clean() {
	(cd "$root" && shellcheck -x hv) || return 1
	sources | while read -r f; do
		head -n 1 "$f" | grep -q '^#!/bin/sh' && [ "$f" != "$root/hv" ] || continue
		shellcheck -x "$f" || exit 1
	done
}

licence_everywhere() {
	sources | grep -vE '/(LICENSE|VERSION|\.gitignore|[^/]*\.md|[^/]*\.(svg|bib|dat|json))$' | while read -r f; do
		head -n 3 "$f" | grep -q 'SPDX-License-Identifier: ' || echo "${f#"$root"/}: no SPDX line"
	done >"$results/licence"
	cat "$results/licence"
	[ ! -s "$results/licence" ]
}

module_clean() {
	rm -rf "$results/module" && mkdir -p "$results/module" || return 1
	KBUILD_ARGS="W=1 C=2" "$root/kvm-hv/build.sh" "$kernel_dir" "$root" "$results/module" \
		"$results/module/dep" >"$results/module/log" 2>&1
	status=$?
	cat "$results/module/log"
	rm -rf "$results/module/kbuild"
	[ $status -eq 0 ] && ! grep -qE 'warning:|error:' "$results/module/log"
}

# Meson's own list of what it ran becomes TAP.
unit_tests() {
	meson test -C "$build/native" --no-rebuild --print-errorlogs >"$results/unit.log" 2>&1 </dev/null
	status=$?
	awk '
	/^ *[0-9]+\/[0-9]+ / {
		n++
		name = $2; for (i = 3; i <= NF && $i !~ /^(OK|FAIL|SKIP|TIMEOUT|ERROR|EXPECTEDFAIL|UNEXPECTEDPASS)$/; i++) name = name " " $i
		print ($i == "OK" || $i == "SKIP" || $i == "EXPECTEDFAIL" ? "ok " : "not ok ") n " - " name ($i == "SKIP" ? " # SKIP" : "")
	}
	END { print "1.." n + 0 }' "$results/unit.log"
	[ $status -eq 0 ] || cat "$results/unit.log"
	return $status
}

# mark NAME LIMIT CMD...: the lines lab-tests would print, around a test here
mark() {
	name=$1 limit=$2
	shift 2
	echo "#hv begin $name"
	t0=$(date +%s)
	"$@" 2>&1 </dev/null
	status=$?
	echo
	echo "#hv end $name $status $(($(date +%s) - t0)) $limit"
}

header() { # FILE KEY DEFAULT
	v=$(sed -n "1,10s/^# $2: *//p" "$1")
	echo "${v:-$3}"
}

# A test says how long it takes at most; a machine that does other things as well may take twice as long.
time_limit() { # FILE
	echo $(($(header "$1" timeout 120) * 2))
}

wanted() { # NAME
	[ -z "$only" ] || case " $only " in *" $1 "*) ;; *) false ;; esac
}

# One of tests/hv: ./hv itself. Those that boot say "# boots: yes".
hv_test() { # NAME
	f=$root/tests/hv/$1.sh
	limit=$(time_limit "$f")
	d=$results/hv-$1
	rm -rf "$d" && mkdir -p "$d"
	(cd "$d" && mark "$1" "$limit" timeout -k 5 "$limit" sh "$f") |
		tally "" >"$d.report"
	cat "$d.report"
	rm -rf "$d"
}

# Prints their names.
hv_tests() { # yes|no
	for f in "$root"/tests/hv/*.sh; do
		[ -e "$f" ] && wanted "$(basename "$f" .sh)" && [ "$(header "$f" boots no)" = "$1" ] || continue
		basename "$f" .sh
	done
}

# Prints "MACHINE SHAPE" jobs; tests with the same host shape share a boot.
lab_jobs() {
	for f in "$root"/tests/lab/*.sh; do
		[ -e "$f" ] && wanted "$(basename "$f" .sh)" && header "$f" host "" 
	done | sort -u | while read -r shape; do
		for m in $machines; do echo "$m $shape"; done
	done
}

# Did the emulated host hang, or QEMU die, before its first process, that is before any code of ours? Seen on power10 with
# two CPUs: once in three full runs it hung; an assertion of QEMU's in the firmware (xive_source_esb_trigger), once.
failed_before_init() { # FILE: hv's stderr
	log=$(sed -n 's/^hv: the lab host did not boot.*; the end of \(.*\):$/\1/p' "$1")
	[ -n "$log" ] && ! grep -q 'Run /init' "$log"
}

# One job. A host that dies takes one test with it, not those after it.
lab_job() { # MACHINE SHAPE...
	machine=$1
	shift
	shape=$*
	id=$machine$(echo "$shape" | tr -c 'a-zA-Z0-9\n' -)
	todo='' total=420 again=yes	# to boot
	for f in "$root"/tests/lab/*.sh; do
		wanted "$(basename "$f" .sh)" && [ "$(header "$f" host "")" = "$shape" ] || continue
		limit=$(time_limit "$f")
		todo="$todo $(basename "$f" .sh) $limit" total=$((total + limit / 2 + 20))	# not all of them are late
	done
	# a host that hangs is to be told of before CI's time is up
	[ -n "${HV_LONG-}" ] || [ $total -le 2700 ] || total=2700
	say "$machine${shape:+ ($shape)}: $(echo "$todo" | wc -w | awk '{ print $1 / 2 }') tests in one lab host (usually 1-3 min)"
	while [ -n "$todo" ]; do
		# shellcheck disable=SC2086
		"$root/hv" exec --machine "$machine" $shape --timeout $total \
			--put "$root/tests/lab:/root/tests" -- env HV_LONG="${HV_LONG-}" /usr/lib/kvm-hv/lab-tests $todo \
			>"$results/$id.out" 2>"$results/$id.err"
		status=$?
		[ $status -ne 0 ] || : >"$results/$id.err"
		if [ $status -ne 0 ] && [ -n "$again" ] && failed_before_init "$results/$id.err"; then
			say "$machine${shape:+ ($shape)}: the host did not come to its first process; once more"
			again=
			continue
		fi
		last=$(sed -n 's/^#hv begin //p' "$results/$id.out" | tail -n 1)
		if [ $status -eq 0 ]; then
			todo=
		elif [ -z "$last" ]; then
			echo "#hv begin boot" >>"$results/$id.out"
			todo=
		else
			todo=$(echo "$todo " | sed "s/.* $last [0-9]* //")
		fi
		tally "$machine${shape:+ ($shape)} " "$(cat "$results/$id.err")" <"$results/$id.out" >"$results/$id.report"
		cat "$results/$id.report"
	done
}

test_job() { # hv NAME, or MACHINE SHAPE...
	if [ "$1" = hv ]; then
		say "$2: a test of ./hv (usually 1-3 min)"
		hv_test "$2"
	else
		lab_job "$@"
	fi
}

# As many at a time as there are CPUs, at most two; tests of ./hv first.
run_jobs() {
	jobs=1
	# here, where its progress is seen, and not in two jobs that both wait for it
	lab_jobs >"$results/jobs"
	for other in lab 4k; do
		! grep -q -e "--kernel $other" "$results/jobs" || ensure_other_kernel $other
	done
	[ "$(nproc)" -lt 2 ] || jobs=2
	{
		hv_tests yes | sed 's/^/hv /'
		sort -k1.6 -n "$results/jobs"
	} | tr '\n' '\0' |
		xargs -0 -r -n 1 -P $jobs "$root/hv" test-job
}

sum_up() {
	cat "$results"/counts.* 2>/dev/null | awk '{ p += $1; f += $2; s += $3 }
		END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 || !p }'
}

cmd_test() {
	quick='' only='' some_machines=''
	while [ $# -gt 0 ]; do
		case $1 in
		--quick) quick=1 ;;
		--machine) need_value "$1" $#; one_of "$1" "$2" power8 power9 power10; some_machines=$(add_word "$some_machines" "$2"); shift ;;
		--help | -h) test_help; exit 0 ;;
		-*) usage_error "unknown option $1" ;;
		*) [ -e "$root/tests/lab/$1.sh" ] || [ -e "$root/tests/hv/$1.sh" ] ||
			usage_error "no tests/lab/$1.sh or tests/hv/$1.sh"
			only="$only $1" ;;
		esac
		shift
	done
	machines=${some_machines:-$machines}
	ensure_lab
	with_lock "$build/test.lock" run_tests
}

run_tests() {
	rm -rf "$results" && mkdir -p "$results"
	export HV="$root/hv" HV_DEBS="$debs" HV_KVER="$kver" HV_KERNEL_DIR="$kernel_dir" HV_ONLY="$only"	# of tests/hv and jobs
	if [ -z "$only" ]; then
		{
			check shellcheck shell_scripts_clean
			check licence licence_everywhere
			check module-W1-sparse module_clean
			check shim-facts "$root/tests/unit/shim/facts.sh" "$kernel_dir"
			mark unit 600 unit_tests
		} | tally ""
	fi
	for t in $(hv_tests no); do hv_test "$t"; done
	[ -n "$quick" ] || run_jobs
	sum_up
}
