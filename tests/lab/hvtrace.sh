#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# Record and report, there and back: as many as the guest made, as many as the
# trace has; recordings that end in every way there is; hvtop on a live guest.
# shellcheck disable=SC1091,SC2016,SC2154,SC3045
. /usr/lib/kvm-hv/tests/lib.inc

n=1000
hcall=0xf7fc	# nobody has it, so it always leaves the guest

# guest TIMES: a guest that makes so many of that hypercall
guest() {
	hvrun --time-limit 200 -r r6=0 -r "r7=$1" "$payloads/exits.bin"
}

# from REPORT WHAT: the number after "WHAT: ", or the count column of row WHAT
from() {
	awk -v what="$2" '
		index($0, what ": ") == 1 { print substr($0, length(what) + 2) + 0; exit }
		index($0, what " ") == 1 { print substr($0, length(what) + 2) + 0; exit }' "$1"
}

hvtrace record -o t.data -- hvrun -r r6=0 -r r7=$n "$payloads/exits.bin" >guest.out 2>record.err
ok $? "record returns 0 as its command does"
hvtrace report -i t.data >report.txt
ok $? "report reads it"
[ -s report.txt ] || diag record.err
check "nothing lost" test "$(from report.txt lost)" = 0
check "$n hypercalls made, $n reported" test "$(from report.txt "hcall $hcall")" = $n
exits=$(from report.txt exits)
check "as many exits as perf finds in the file" \
	test "$exits" = "$(perf script -i t.data 2>/dev/null | grep -c 'kvm_guest_exit:')"
check "the plug-in decodes events for perf" sh -c \
	'perf script -i t.data 2>/dev/null | grep -q "trap=SYSCALL .* MSR(SF.*|"'
trace-cmd record -q -e kvm_hv:kvm_guest_exit -o t.dat hvrun -r r6=0 -r r7=10 "$payloads/exits.bin" >guest.out 2>&1
check "... and for trace-cmd" sh -c 'trace-cmd report -i t.dat 2>/dev/null | grep -q "trap=SYSCALL .* MSR(SF.*|"'
if stock; then
	skip "as many hypercalls as SYSCALL exits" "the kernel's own backend answers some unseen"
	skip "each stay in the guest has its two partition switches" "the kernel's own backend does not tell"
else
	check "as many hypercalls as SYSCALL exits" \
		test "$(from report.txt hypercalls)" = "$(from report.txt SYSCALL)"
	check "each stay in the guest has its two partition switches" \
		sh -c 'hvtrace script -i t.data --fields event,to_guest | awk "
			\$1 == \"kvm_partition_switch\" { if (\$2 == inside) exit 1; inside = \$2; n++ }
			END { exit n < 1000 }"'
fi
check "no vCPU was busy for longer than the recording" awk '
	/ events in / { all = $(NF - 1) * 1000 }
	/ in the guest, / { for (i = 2; i <= NF; i++) if ($i == "ms") sum += $(i - 1) }
	END { exit !(sum > 0 && sum <= all * 1.01) }' report.txt

if stock; then
	skip "who begins to listen takes nothing from who does already" "records are our own backend's"
else
	hvtrace record -o two.data -- sh -c "
		hvrun --time-limit 200 -r r6=0 -r r7=5000 $payloads/exits.bin >guest.out &
		for i in 1 2 3 4 5 6 7 8; do
			echo 1 >/sys/kernel/tracing/events/kvm_hv/kvm_guest_exit/enable
			echo 0 >/sys/kernel/tracing/events/kvm_hv/kvm_guest_exit/enable
		done
		wait" 2>record.err
	hvtrace report -i two.data >report.txt
	check "who begins to listen takes nothing from who does already" test "$(from report.txt "hcall $hcall")" = 5000
fi

/usr/lib/kvm-hv/tests/inpty 24 80 hvtrace record -a -o s.data -d 3 >progress
check "on a terminal a line tells how fast the file grows" \
	grep -q '[0-9]* s, [0-9]* samples, [0-9.]* MB, [0-9]* samples/s, 0 lost' progress

/usr/lib/kvm-hv/tests/inpty 24 80 hvtrace record -o s.data -- sh -c 'sleep 2.5; echo done' >progress
check "... but not into what the command writes there" sh -c 'grep -q "^done" progress && ! grep -q samples/s progress'

hvtrace record -o s.data -- sh -c 'exit 7' 2>record.err
check "the command's exit status comes back" test $? = 7
hvtrace record -o none.data -- /nonexistent/command 2>record.err
check "a command that can't be run is an error" test $? != 0
check "... and leaves no file" test ! -e none.data -a ! -e none.data.part

# from its first flush on the file is not empty, and the events are recorded
hvtrace record -a -o int.data 2>record.err &
recorder=$!
wait_for 60 test -s int.data.part
guest 50 >guest.out
kill -INT $recorder
wait $recorder
check "Ctrl-C ends a recording with status 0" test $? = 0
hvtrace report -i int.data >report.txt
check "... and 50 of 50 hypercalls in it" test "$(from report.txt "hcall $hcall")" = 50

hvtrace record -a -o kill.data 2>record.err &
recorder=$!
wait_for 60 test -s kill.data.part
guest 50 >guest.out
for _ in $(seq 20); do	# a recorder keeps nothing to itself for longer than 2 s
	sleep 2
	hvtrace report -i kill.data.part >report.txt 2>err
	[ "$(from report.txt "hcall $hcall")" != 50 ] || break
done
kill -KILL $recorder
wait $recorder 2>/dev/null
check "a recorder that is killed leaves an unfinished recording" test ! -e kill.data -a -s kill.data.part
hvtrace report -i kill.data.part >report.txt 2>err
check "... that can be read, with 50 of 50 hypercalls in it" test $? = 0 -a ! -s err -a "$(from report.txt "hcall $hcall")" = 50
check "... and says at the top that its end is missing" sh -c 'sed -n 2p report.txt | grep -q "^INCOMPLETE: "'
exits=$(from report.txt exits)
hvtrace export -i kill.data.part --to perf.data -o killed.data 2>err
check "... and perf can read its export" test "$exits" -gt 0 -a \
	"$exits" = "$(perf script -i killed.data 2>/dev/null | grep -c 'kvm_guest_exit:')"
grown() {
	[ "$(wc -c <kill.data.part)" -gt 2000000 ]
}
# a large ring: the disk may stand still while dd does not
hvtrace record -a -o kill.data -m 64M -e raw_syscalls:sys_enter 2>record.err &
recorder=$!
dd if=/dev/zero of=/dev/null bs=1 2>/dev/null &
busy=$!
wait_for 60 grown
kill -KILL $recorder $busy
wait $recorder $busy 2>/dev/null
hvtrace report -i kill.data.part >report.txt
check "killed while it writes: what is in the file is whole" \
	test "$(from report.txt "other events, not counted here")" -gt 5000 -a "$(from report.txt lost)" = 0
rm kill.data.part

# Some MB each: to disks that get full, and to a file system that knows nothing but its page cache.
busy() {
	hvtrace record -o "$1" -e raw_syscalls:sys_enter -- sh -c 'dd if=/dev/zero of=/dev/null bs=1 count=30000 2>/dev/null'
}
mkdir tiny small cached
mount -t tmpfs -o size=1m none tiny && mount -t tmpfs -o size=4m none small && mount -t ramfs none cached
busy tiny/t.data 2>err
check "a disk without room for a recording: an error" test $? != 0 -a "$(wc -l <err)" = 2
check "... that says so: $(cat err)" grep -q 'tiny/t.data.part: cannot write: No space left' err
hvtrace report -i tiny/t.data.part >report.txt
check "... but what was recorded until then is there" \
	test "$(from report.txt "other events, not counted here")" -gt 1000 -a "$(ls tiny)" = t.data.part
busy small/t.data 2>err
check "a disk that gets full: the recording ends early" test $? != 0 -a "$(wc -l <err)" = 2
check "... and says so: $(cat err)" grep -q 'small/t.data: ends early, with the first [1-3]' err
hvtrace report -i small/t.data >report.txt
check "... but what was recorded until then is there" \
	test "$(from report.txt "other events, not counted here")" -gt 5000 -a "$(from report.txt lost)" = 0 -a "$(ls small)" = t.data
busy cached/t.data 2>record.err
ok $? "a recording where a file can't be written to directly"
hvtrace report -i cached/t.data >report.txt
check "... is whole" test "$(from report.txt "other events, not counted here")" -ge 60000 -a "$(from report.txt lost)" = 0
umount tiny small cached

hvtrace record -a -d 1 -m 1M -o d.data 2>record.err
check "-d ends a recording" test $? = 0 -a -s d.data
hvtrace record -o f.data --exits SYSCALL --hcalls $hcall --vcpu 0 -- \
	hvrun -r r6=0 -r r7=$n "$payloads/exits.bin" >guest.out 2>record.err
hvtrace report -i f.data >report.txt
check "filters: $n hypercalls of that number" test "$(from report.txt "hcall $hcall")" = $n
check "... and no others" test "$(from report.txt hypercalls)" = $n
check "... and one kind of exit" awk '
	/^exits:/ { on = 1; next } /^$/ { on = 0 } on && $1 != "count" && $1 != "SYSCALL" { bad = 1 }
	$1 == "SYSCALL" { seen = 1 } END { exit bad || !seen }' report.txt
hvtrace record -a -d 1 -o f.data --vcpu 1 -- hvrun -r r6=0 -r r7=$n "$payloads/exits.bin" >guest.out 2>record.err
check "filters: nothing of vCPU 1, that there is not" sh -c 'hvtrace report -i f.data | grep -q "data: 0 events"'

head -c 5000 t.data >short.data
hvtrace report -i short.data >report.txt 2>err
check "a truncated recording is refused with one line" \
	test $? = 1 -a ! -s report.txt -a "$(wc -l <err)" = 1

# Somebody who may trace, but have 4 MB of locked memory: more than is recorded, should the disk stand still.
echo 2 >/proc/sys/kernel/perf_event_paranoid
chmod a+rx /sys/kernel/tracing /sys/kernel/tracing/events
mkdir -m 777 limited
(ulimit -l 4096; setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps +perfmon,+dac_override \
	--ambient-caps +perfmon,+dac_override hvtrace record -o limited/t.data -m 64M -e raw_syscalls:sys_enter -- \
	dd if=/dev/zero of=/dev/null bs=1 count=15000) 2>err
ok $? "rings that the kernel does not give: smaller ones"
check "... of which the user is told" grep -q '^hvtrace: rings of 4096 KB per CPU' err
check "... and nothing is lost" grep -q ' MB, 0 lost$' err
diag err

# A recorder that gets no turn loses events, and knows how many: 2 x 200,000 system
# calls of dd and a few hundred around them are either there or counted as lost.
hvtrace record -o lost.data -e raw_syscalls:sys_enter -- sh -c '
	kill -STOP $PPID
	dd if=/dev/zero of=/dev/null bs=1 count=200000 2>/dev/null
	kill -CONT $PPID' 2>record.err
hvtrace report -i lost.data >report.txt
lost=$(from report.txt LOST)
all=$((lost + $(from report.txt "other events, not counted here")))
check "$lost lost events make the sum right ($all)" \
	test "$lost" -gt 0 -a "$all" -ge 400000 -a "$all" -lt 401000
check "... and record said the same" grep -q ", $lost lost\$" record.err

perf record -q -e 'kvm_hv:*' -a -o perf.data hvrun -r r6=0 -r r7=$n "$payloads/exits.bin" >guest.out 2>&1
hvtrace report -i perf.data >report.txt
check "perf's recordings can be read: $n hypercalls" test "$(from report.txt "hcall $hcall")" = $n

if [ -e "$tracing/events/kvm_hv/kvm_records/id" ]; then
	check "it is in batches, which the plug-in takes apart for perf" \
		sh -c "perf script -i t.data 2>/dev/null | awk '
			/kvm_records: VCPU/ { batches++ } /\tkvm_guest_exit: VCPU/ { exits++ }
			END { exit !(batches > 0 && exits > 3 * batches) }'"
	hvtrace export -i t.data --to perf.data -o exact.data
	hvtrace report -i t.data >report.txt
	perf kvm -i exact.data stat report >perf.txt 2>&1
	check "exported, perf kvm stat finds the same exits, and how long they took" awk '
		NR == FNR { if ($1 == "SYSCALL") { count = $2; mean = $5 } next }
		$1 == "SYSCALL" { sub(/us/, "", $7); d = $7 - mean; seen = ($2 == count || $2 == count - 1) && d * d < 1 }
		END { exit !seen }' report.txt perf.txt
	diag perf.txt
	perf kvm stat record -o kvm.data hvrun -r r6=1 -r r7=100 "$payloads/hpt.bin" >guest.out 2>&1
	perf kvm -i kvm.data stat report --event=hcall >perf.txt 2>&1
	check "perf kvm stat record counts hypercalls that never leave real mode" \
		awk '$1 == "H_REMOVE" || $1 == "H_PROD" { n += $2 } END { exit n != 200 }' perf.txt
	diag perf.txt
	hvtrace record -o f.data --exits H_DATA_STORAGE -- hvrun -r r6=3 "$payloads/demo.bin" >guest.out 2>record.err
	hvtrace report -i f.data >report.txt
	check "--exits: those alone" sh -c 'grep -q "^H_DATA_STORAGE " report.txt && ! grep -q "^SYSCALL " report.txt &&
		grep -q "^hypercalls: 0" report.txt'
	hvtrace record -o user.data -e kvm_hcall_user -- hvrun -r r6=0 -r r7=$n "$payloads/exits.bin" >guest.out 2>record.err
	check "kvm_hcall_user alone: $n answers of user space to that hypercall" \
		test "$(hvtrace script -i user.data --fields event,req | grep -c "kvm_hcall_user.*$hcall")" = $n
	hvtrace stat -- hvrun -r r6=0 -r r7=$n "$payloads/exits.bin" >stat.txt
	# hypercalls that have no name share a row of the statistics
	check "stat counts $n of a command by statistics" \
		test "$(from stat.txt "(others)")" = $n -a "$(grep -c 'by statistics' stat.txt)" = 1
else
	for what in "it is in batches" "exported, perf kvm stat finds the same" "perf kvm stat record counts" "--exits: those alone" "kvm_hcall_user alone" \
		"stat by statistics"; do
		skip "$what" "only our own backend does"
	done
fi

# in_parts SOURCE: a guest's 20,000 hypercalls are told of in several intervals, and all of them in these and in the total
in_parts() {
	hvtrace stat -I 50 -- hvrun --time-limit 200 -r r6=0 -r r7=20000 "$payloads/exits.bin" >stat.txt
	check "stat -I: intervals add up to the total (${1# })" awk -v source="$1" '
		/^-- / { part = 1 } / s, .* vCPU/ { part = 0; known = index($0, source) }
		/^exits:/ { calls = 0 } /^hypercalls:/ { calls = 1 }
		calls && ($1 == "(others)" || $1 == "hcall") { if (part) { parts++; sum += $(NF - 8) } else total = $(NF - 8) }
		END { exit !(known && parts > 1 && sum == 20000 && total == 20000) }' stat.txt
	diag stat.txt | grep -e '# -- ' -e ' vCPU' -e '(others)' -e 'hcall 0x' | tail -n 12
}
if ! stock; then
	in_parts "by statistics"
	echo 0 >/sys/module/kvm_hv/parameters/statistics
fi
in_parts " events"
stock || echo 1 >/sys/module/kvm_hv/parameters/statistics

hvrun --time-limit 600 -r r6=0 -r r7=100000000 "$payloads/exits.bin" >guest.out 2>&1 &
vmm=$!
wait_for 60 guest_runs $vmm
hvtrace record -p "$vmm" -o p.data -- sleep 1 2>record.err
hvtrace report -i p.data >report.txt
check "record -p sees that process: its hypercalls" test "$(from report.txt "hcall $hcall")" -gt 0
hvtrace stat -p "$vmm" -d 1 >stat.txt
if grep -q 'by statistics' stat.txt; then row="(others)"; else row="hcall $hcall"; fi
check "stat counts the same kind of hypercalls, and draws a histogram" \
	test "$(from stat.txt "$row")" -gt 0 -a "$(grep -c 'us .* #' stat.txt)" -gt 0
hvtop -b -n 2 -d 1 >top
check "hvtop shows the guest's exits" awk '
	$1 == "hvrun" && $3 == "0" && $4 > 10 { seen++ } END { exit seen != 2 }' top
[ -s top ] && diag top
kill $vmm
wait $vmm 2>/dev/null
done_testing
