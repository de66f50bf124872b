#!/bin/sh
# One step of the set-up, called by the Makefile:
#
#   tools/setup.sh venv [PYTHON]          create .venv with PYTHON, or with the first Python that fits
#   tools/setup.sh install FILE STAMP     install the requirements FILE into .venv, then write STAMP
#
# When something is wrong it prints one line on stdout and nothing else there; progress goes to stderr.
# Shell, not Python: finding the right Python is its first job.

needs='Corner Lab needs Python 3.11, 3.12 or 3.13'
log=.venv/setup.log

problem() {
    echo "$1"
    exit 0
}

version_of() {
    # The last word, so that "3.12.1" and "Python 3.12.1" both do.
    out=$("$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || return 1
    echo "${out##* }"
}

fits() {
    case $1 in
        3.11 | 3.12 | 3.13 | 3.11.* | 3.12.* | 3.13.*) return 0 ;;
        *) return 1 ;;
    esac
}

make_venv() {
    found=
    without_venv=
    for candidate in ${1:-python3 python3.13 python3.12 python3.11}; do
        version=$(version_of "$candidate") || continue
        if ! fits "$version"; then
            found="$found${found:+, }$candidate is $version"
        elif ! "$candidate" -c 'import venv, ensurepip' >/dev/null 2>&1; then
            # Debian and Ubuntu ship both modules in a package of their own.
            without_venv="${without_venv:-$candidate}"
        else
            echo "Creating .venv with $candidate ($version)" >&2
            trap 'rm -rf .venv; exit 130' INT TERM # half of one would be taken for one
            if output=$("$candidate" -m venv --clear .venv 2>&1); then
                exit 0
            fi
            rm -rf .venv
            problem "$candidate cannot create .venv: $(echo "$output" | tail -n 1)"
        fi
    done
    if [ -n "$without_venv" ]; then
        problem "$without_venv has no venv module: on Debian or Ubuntu run \"apt install python3-venv\" as root, then try again"
    fi
    [ -n "$found" ] || found="${1:-python3} was not found or does not start"
    problem "$needs; $found. Name another one: make PYTHON=/path/to/python3.12 setup"
}

install() {
    version=$(version_of .venv/bin/python) || problem ".venv is damaged: run \"make clean\", then try again"
    fits "$version" || problem "$needs; .venv has $version: run \"make clean\", then try again"
    echo "Installing $1 into .venv; the first time this takes minutes (log: $log)" >&2
    # The constraint keeps the test tools from moving what users get.
    if .venv/bin/python -m pip install --disable-pip-version-check --no-input \
        -c requirements.txt -r "$1" >"$log" 2>&1; then
        date >"$2"
        exit 0
    fi
    if grep -qi 'no space left on device' "$log"; then
        reason='the disk is full'
    elif grep -qiE 'connection ?error|connection broken|name resolution|name or service not known|nodename nor servname|getaddrinfo|network is unreachable|timed out|timeout|proxyerror|no route to host' "$log"; then
        reason='the package index cannot be reached (no network?)'
    else
        reason='pip failed'
    fi
    problem "$1 could not be installed: $reason; details in $log"
}

case $1 in
    venv) make_venv "$2" ;;
    install) install "$2" "$3" ;;
    *) problem 'usage: tools/setup.sh venv [PYTHON] | install FILE STAMP' ;;
esac
