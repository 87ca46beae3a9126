# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# ./hv exec and ./hv shell: one lab host, one command.

exec_help() {
	cat <<-EOF
	usage: ./hv exec [OPTION]... -- CMD [ARG]...
	       ./hv shell [OPTION]... [-- CMD [ARG]...]

	Boots a POWER machine with a stock Debian kernel and runs CMD in it as root.
	Returns CMD's exit status; 124 when time is up, 125 when the lab itself fails.
	CMD's input is /dev/null; ./hv shell gives it this terminal.

	  --machine power8|power9|power10   (default power9)
	  --backend hv|stock|pr|none        hv: ours (default); stock: the kernel's kvm-hv;
	                                    pr: the kernel's kvm-pr, with --kernel lab only
	  --kernel stock|4k|lab             stock: Debian's (default); 4k: Debian's with pages of
	                                    4 KiB, not 64; lab: Debian's source with kvm-pr, hash
	                                    MMU (first use builds it, which takes long)
	  --cpus N                          (default 1)
	  --mem SIZE                        (default 2G)
	  --icount                          virtual time counts instructions
	  --append ARGS                     more on the kernel's command line
	  --qemu-arg ARG                    one more argument for QEMU; repeatable
	  --put PATH[:DEST]                 copy a file or folder to CMD's working folder
	                                    or to DEST; repeatable
	  --get PATH                        copy PATH, seen from CMD's working folder, to
	                                    the current folder afterwards; repeatable
	  --timeout SECONDS                 for boot and CMD together (default 600)

	The console goes to a file in build/log/.
	EOF
}

positive() { # OPTION VALUE
	case $2 in
	'' | *[!0-9]* | 0*) usage_error "$1 $2: not a positive number" ;;
	esac
}

# Options become variables; the lists (qemu arguments, files) become quoted
# words that eval takes apart again.
quote() {
	quoted=$(printf '%s.' "$1" | sed "s/'/'\\\\''/g")	# $() drops newlines at the end
	printf "'%s' " "${quoted%.}"
}

one_of() { # OPTION VALUE CHOICE...
	option=$1 value=$2
	shift 2
	for choice; do [ "$value" != "$choice" ] || return 0; done
	usage_error "$option $value: not one of $*"
}

# add_word LIST WORD: the list with it, once; of options that may be repeated
add_word() {
	case " $1 " in *" $2 "*) echo "$1" ;; *) echo "${1:+$1 }$2" ;; esac
}

add_put() { # PATH[:DEST]
	file=$1 dest=''
	case $1 in
	*:*) [ -e "$1" ] || { file=${1%%:*} dest=${1#*:}; } ;;
	esac
	[ -e "$file" ] || usage_error "--put $file: no such file"
	[ -r "$file" ] || usage_error "--put $file: not readable"
	[ -n "$dest" ] || dest=$(basename "$(realpath -s -- "$file")")
	run_args="$run_args-p $(quote "$file")$(quote "$dest")"
}

parse_lab_options() {
	machine=power9 backend=hv kernel_kind=stock cpus=1 mem=2G icount='' append='' limit=600
	qemu_args='' run_args=''
	while [ $# -gt 0 ]; do
		case $1 in
		--machine) need_value "$1" $#; machine=$2; shift ;;
		--backend) need_value "$1" $#; backend=$2; shift ;;
		--kernel) need_value "$1" $#; kernel_kind=$2; shift ;;
		--cpus) need_value "$1" $#; cpus=$2; shift ;;
		--mem) need_value "$1" $#; mem=$2; shift ;;
		--icount) icount=1 ;;
		--append) need_value "$1" $#; append="$append $2"; shift ;;
		--qemu-arg) need_value "$1" $#; qemu_args="$qemu_args$(quote "$2")"; shift ;;
		--put) need_value "$1" $#; add_put "$2"; shift ;;
		--get) need_value "$1" $#; run_args="$run_args-g $(quote "$2")"; shift ;;
		--timeout) need_value "$1" $#; limit=$2; shift ;;
		--help | -h) exec_help; exit 0 ;;
		--) shift; break ;;
		*) usage_error "unknown option $1; CMD comes after --" ;;
		esac
		shift
	done
	lab_cmd='' lab_cmd_words=$#
	for word; do lab_cmd="$lab_cmd$(quote "$word")"; done
	one_of --machine "$machine" power8 power9 power10
	one_of --backend "$backend" hv stock pr none
	one_of --kernel "$kernel_kind" stock 4k lab
	positive --cpus "$cpus"
	positive --timeout "$limit"
	positive --mem "${mem%[MG]}"
	[ "$backend" != pr ] || [ "$kernel_kind" = lab ] ||
		usage_error "Debian's kernel has no kvm-pr: add --kernel lab"
}

# A log file of its own for each boot; the last few are kept.
new_log() {
	mkdir -p "$build/log"
	# shellcheck disable=SC2012 # names are ours
	ls -t "$build/log" | tail -n +50 | while read -r f; do rm -f "$build/log/$f"; done
	console_log=$build/log/$(date +%H%M%S)-$machine-$$.log
}

# boot OPTIONS-OF-LAB-RUN...: everything else is in variables by now
boot() {
	ensure_lab
	vmlinux=$kernel/vmlinux initrd=$build/lab/initrd
	if [ "$kernel_kind" != stock ]; then
		ensure_other_kernel "$kernel_kind"
		vmlinux=$other/vmlinux initrd=$build/lab/initrd-$kernel_kind
	fi
	if [ "$backend" = hv ]; then initrd=$initrd-hv; else initrd=$initrd-stock; fi
	new_log
	[ -z "$icount" ] || qemu_args="-icount shift=0,sleep=off $qemu_args"
	cmdline="console=hvc0 loglevel=7 panic=-1 HV_MACHINE=$machine HV_BACKEND=$backend"
	cmdline="$cmdline HV_TERM=${TERM:-dumb}${icount:+ HV_ICOUNT=1}$append"
	eval "set -- \"\$@\" $run_args -n $lab_cmd_words -- $lab_cmd"
	set -- "$@" qemu-system-ppc64 -M "powernv${machine#power}" \
		-m "$mem" -smp "$cpus,cores=$cpus,threads=1" \
		-display none -monitor none -serial stdio -no-reboot \
		-kernel "$vmlinux" -initrd "$initrd" -append "$cmdline"
	# the caller's arguments before our devices: they may bring the bus those need
	eval "set -- \"\$@\" $qemu_args"
	set -- "$@" -drive "file=$image,if=none,id=root,format=raw,snapshot=on,cache=unsafe" \
		-device virtio-blk-pci,drive=root,bus=pcie.0 -device virtio-serial-pci,bus=pcie.1 \
		-device "virtserialport,chardev=lab,name=kvm-hv.lab"
	# for who writes down what results depend on
	[ -z "${HV_COMMAND_FILE-}" ] || echo "$*" | sed 's/.* qemu-system-ppc64 /qemu-system-ppc64 /' >"$HV_COMMAND_FILE"
	exec "$build/native/lab/lab-run" -t "$limit" -l "$console_log" "$@"
}

cmd_exec() {
	parse_lab_options "$@"
	[ "$lab_cmd_words" -gt 0 ] || usage_error "no command: ./hv exec [OPTION]... -- CMD"
	boot
}

need_terminal() {
	[ -t 0 ] || usage_error "stdin is not a terminal; in a script use $1 -- CMD"
}

cmd_shell() {
	parse_lab_options --timeout 86400 "$@"
	need_terminal "./hv exec"
	[ "$lab_cmd_words" -gt 0 ] || { lab_cmd_words=1 lab_cmd="/bin/bash "; }
	boot -i
}
