# shellcheck shell=bash
# Starts processes, and stops only those that it started.

# The kernel's start time distinguishes a process from a later one with the same id. A zombie counts as gone when its last thread is gone:
# if process 1 does not reap it, it stays forever.
started_at() {
    local stat; stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    stat=${stat##*) }
    if [[ $stat = [ZX]* ]] && [ "$(ls "/proc/$1/task" 2>/dev/null | wc -l)" -le 1 ]; then return 1; fi
    cut -d' ' -f20 <<<"$stat"
}

# Prints the id of the recorded process if it is still the one that we started.
alive() {
    local pid mark
    read -r pid mark 2>/dev/null <"$state/$1.pid" || return 1
    [ -n "$mark" ] && [ "$(started_at "$pid")" = "$mark" ] && echo "$pid"
}

# Runs a command as a daemon. Every step must be an exec, so that the recorded id is the daemon's own and no shell keeps the lock.
daemon() {
    local name=$1; shift
    (
        exec 9>&-
        cd /
        ulimit -c 0
        exec setsid "$@" </dev/null >>"$state/$name.log" 2>&1
    ) &
    echo "$! $(started_at $!)" >"$state/$name.pid"
}

# KILL also kills the children at the same time, so that nothing can clean up, as in a power failure.
stop_daemon() { # name signal seconds
    local pid; pid=$(alive "$1") || { rm -f "$state/$1.pid"; return 0; }
    local children=; [ "$2" != KILL ] || children=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null || true)
    # shellcheck disable=SC2086
    kill -"$2" "$pid" $children 2>/dev/null || true
    local end=$((SECONDS + $3))
    while alive "$1" >/dev/null; do
        if [ $SECONDS -ge $end ]; then warn "$1 did not stop within $3 s; killing it"; kill -KILL "$pid"; end=$((SECONDS + 5)); fi
        sleep 0.05
    done
    local child; for child in $children; do while started_at "$child" >/dev/null; do sleep 0.05; done; done
    rm -f "$state/$1.pid"
}

port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
require_free() {
    if port_open "$1"; then die "another program uses port $1 ($2): set PARTS_PORT_BASE to another first port"; fi
}
