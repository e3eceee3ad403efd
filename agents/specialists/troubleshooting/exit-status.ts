/** Exit statuses over 128 are signals (POSIX 2.8.2); there are 64 of them, so that a status of 255 is none. */
const SIGNAL = 128;
const LAST_SIGNAL = 64;
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL, an instruction that this processor does not have',
  5: 'SIGTRAP',
  6: 'SIGABRT, by which a program gives itself up',
  7: 'SIGBUS, an access to memory that is not there',
  8: 'SIGFPE, a fault of arithmetic',
  9: 'SIGKILL',
  11: 'SIGSEGV, a memory fault of the program',
  13: 'SIGPIPE, whoever read its output went away',
  15: 'SIGTERM',
  31: 'SIGSYS, a system call it may not make',
};
/** What shells and container runtimes mean by theirs. */
const STATUSES: Readonly<Record<number, string>> = {
  126: ' (a file it runs may not be executed)',
  127: ' (a command it runs was not found)',
};

/** How a container ended, in words that follow its name. */
export function exitWords(code: number): string {
  const signal = code - SIGNAL;
  return signal > 0 && signal <= LAST_SIGNAL
    ? `is ended by ${SIGNALS[signal] ?? `signal ${signal}`}`
    : `ends with exit status ${code}${STATUSES[code] ?? ''}`;
}

/** Signals that another sends: the kubelet, the kernel, the node that shuts down. */
export const isFromOutside = (code: number): boolean => code === SIGNAL + 9 || code === SIGNAL + 15;
