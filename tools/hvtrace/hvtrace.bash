# SPDX-License-Identifier: GPL-2.0
# bash completion for hvtrace

# The words of a list in what a command's help says, from the line "NAME:" to the next empty one.
_hvtrace_words() {
	hvtrace "$1" --help 2>/dev/null | sed -n "/^$2:/,/^\$/s/^$2:\|^ //p"
}

# The last of a number of words with commas between.
_hvtrace_list() {
	local before=
	[ "${cur%,*}" = "$cur" ] || before=${cur%,*},
	mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${cur##*,}")
}

_hvtrace() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words events i
	local select='--pid --lpid --vcpu --time --help'
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W 'record report stat script diff timeline export --help --version' -- "$cur")
		return
	fi
	for ((i = 2; i < COMP_CWORD; i++)); do
		if [ "${COMP_WORDS[i]}" = -- ]; then
			compopt -o default
			return
		fi
	done
	case $prev in
	-o | -i | --symbols)
		compopt -o default
		return
		;;
	-e)
		events=$(cd /sys/kernel/tracing/events/kvm_hv 2>/dev/null && printf '%s ' */)
		_hvtrace_list "${events//\//}"
		return
		;;
	-p | --pid)
		mapfile -t COMPREPLY < <(compgen -W "$(cd /proc && printf '%s ' [0-9]*)" -- "$cur")
		return
		;;
	--to)
		words=$(hvtrace export --help 2>/dev/null | sed -n '/^Formats:/,$s/^  \([^ ]*\) .*/\1/p')
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		return
		;;
	--fields)
		_hvtrace_list "$(_hvtrace_words script Fields)"
		return
		;;
	--exits)
		_hvtrace_list "$(_hvtrace_words record Exits)"
		return
		;;
	--hcalls)
		_hvtrace_list "$(_hvtrace_words record Hypercalls)"
		return
		;;
	-d | -I | -m | --lpid | --vcpu | --time | --width)	# a number that only the user knows
		return
		;;
	esac
	case ${COMP_WORDS[1]} in
	record) words='-o -e -a -p -d -m --lpid --vcpu --exits --hcalls -- --help' ;;
	stat) words='-a -p -d -I --json -- --help' ;;
	report) words="-i --json --csv --symbols $select" ;;
	script) words="-i --fields $select" ;;
	timeline) words="-i --svg --width $select" ;;
	export) words="-i -o --to $select" ;;
	diff)
		words="--json $select"
		[ "${cur#-}" != "$cur" ] || compopt -o default
		;;
	*) words='' ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _hvtrace hvtrace
