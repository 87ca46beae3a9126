# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# ./hv guest: a lab host, and in it an unmodified Debian guest (lab/lab-guest).

guest_help() {
	cat <<-EOF
	usage: ./hv guest [OPTION]... [-- CMD [ARG]...]

	Boots a lab host, and in it an unmodified Debian guest under Debian's QEMU and
	KVM. Leaves you at the guest's console; with CMD, runs that in the guest and
	returns its status (124: time is up; 125: lab or guest failed).

	The host:
	  --machine power8|power9|power10   (default power9)
	  --backend hv|stock                (default hv)
	  --cpus N                          (default 1)

	The guest:
	  --vcpus N                         (default 1)
	  --mem SIZE                        (default 512M)
	  --firmware slof|vof               (default vof, QEMU's own: starts faster)
	  --append ARGS                     more on the guest kernel's command line
	  --qemu-arg ARG                    one more argument for the guest's QEMU; repeatable
	  --machine-opt OPT                 more of its -machine, as max-cpu-compat=power8
	  --accel-opt OPT                   more of its -accel kvm, as kernel-irqchip=off

	  --timeout SECONDS                 for all of it (default: 1200 with CMD, else a day)

	docs/guest.md tells what QEMU is given besides, and why.
	EOF
}

# The guest's own options go on as they are; lab-guest knows them.
parse_guest_options() {
	guest_machine=power9 guest_backend=hv guest_cpus=1 guest_mem=512M guest_limit='' guest_args='' guest_cmd=''
	while [ $# -gt 0 ]; do
		case $1 in
		--help | -h) guest_help; exit 0 ;;
		--) shift; break ;;
		--machine | --backend | --cpus | --vcpus | --mem | --firmware | --append | --qemu-arg | \
			--machine-opt | --accel-opt | --timeout) need_value "$1" $# ;;
		*) usage_error "unknown option $1; CMD comes after --" ;;
		esac
		case $1 in
		--machine) one_of "$1" "$2" power8 power9 power10; guest_machine=$2 ;;
		--backend) one_of "$1" "$2" hv stock; guest_backend=$2 ;;
		--cpus) guest_cpus=$2 ;;
		--timeout) positive "$1" "$2"; guest_limit=$2 ;;
		--vcpus) positive "$1" "$2" ;;
		--firmware) one_of "$1" "$2" slof vof ;;
		--mem) guest_mem=$2 ;;
		esac
		case $1 in
		--machine | --backend | --cpus | --timeout) ;;
		*) guest_args="$guest_args$(quote "$1")$(quote "$2")" ;;
		esac
		shift 2
	done
	guest_words=$#
	for word; do guest_cmd="$guest_cmd$(quote "$word")"; done
}

# What a host needs for a guest of that size, in MiB
host_memory() { # SIZE
	n=${1%[MG]}
	positive --mem "$n"
	case $1 in
	*G) n=$((n * 1024)) ;;
	*M) ;;
	*) usage_error "--mem $1: not a size such as 512M or 2G" ;;
	esac
	[ "$n" -ge 256 ] || usage_error "--mem $1: Debian's kernel needs 256M"
	echo $((n + 1024))M
}

cmd_guest() {
	parse_guest_options "$@"
	mem=$(host_memory "$guest_mem") || exit
	set -- --machine "$guest_machine" --backend "$guest_backend" --cpus "$guest_cpus" --mem "$mem"
	if [ "$guest_words" -gt 0 ]; then
		limit=${guest_limit:-1200}
		say "a guest on $guest_machine: host, then guest, then your command (usually 1-2 min)"
		eval "set -- \"\$@\" --timeout $limit -- lab-guest --timeout $limit $guest_args -- $guest_cmd"
		cmd_exec "$@"
	else
		need_terminal "./hv guest"
		say "booting the host, $guest_machine (usually 10-20 s); then you see the guest boot (30-60 s)"
		eval "set -- \"\$@\" --timeout ${guest_limit:-86400} -- lab-guest $guest_args"
		cmd_shell "$@"
	fi
}
