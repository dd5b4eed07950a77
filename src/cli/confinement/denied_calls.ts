/**
 * System calls of Linux that no script and no decoder needs, and that would lead out of its limits.
 *
 * Numbers are those of `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`
 * of the Linux kernel.
 *
 * @module
 */

/** A processor whose system calls are known here, by its name in `Deno.build.arch`. */
export type Architecture = "x86_64" | "aarch64";

/** One system call; its number on each processor, or null where there is no such call. */
export interface DeniedCall {
  readonly name: string;
  readonly x86_64: number | null;
  readonly aarch64: number | null;
  /** Denied only if an argument says so; default always. */
  readonly only?: DeniedArgument;
}

/** An argument, counted from 0: denied are some values, every value with one of some bits, or all but one. */
export type DeniedArgument =
  | { readonly argument: number; readonly values: readonly number[] }
  | { readonly argument: number; readonly bits: number }
  | { readonly argument: number; readonly allBut: number };

function call(name: string, x86_64: number | null, aarch64: number | null): DeniedCall {
  return { name, x86_64, aarch64 };
}

/** A null pointer for a path: the call is about the open file itself. */
const NO_PATH = { argument: 1, values: [0] };

/** Types of what a terminal is asked: to take characters as if they were typed. */
const TERMINAL_INPUT = { argument: 1, values: [0x5412, 0x541c] };

/** Names of files: links lead to other files than their path says, and nodes to devices. */
const NAMES = [
  call("symlink", 88, null),
  call("symlinkat", 266, 36),
  call("link", 86, null),
  call("linkat", 265, 37),
  call("mknod", 133, null),
  call("mknodat", 259, 33),
  call("open_by_handle_at", 304, 265),
];

/** Modes, owners and times through an open file, which may be open for reading alone. */
const OPEN_FILES = [
  call("fchmod", 91, 52),
  call("fchmodat2", 452, 452),
  call("fchown", 93, 55),
  { ...call("utimensat", 280, 88), only: NO_PATH },
  { ...call("futimesat", 261, null), only: NO_PATH },
];

/** Programs that run with the rights of their owner or group (`S_ISUID`, `S_ISGID`). */
const BORROWED_RIGHTS = 0o6000;

/** Modes of files. */
const MODES = [
  { ...call("chmod", 90, null), only: { argument: 1, bits: BORROWED_RIGHTS } },
  { ...call("fchmodat", 268, 53), only: { argument: 2, bits: BORROWED_RIGHTS } },
  { ...call("creat", 85, null), only: { argument: 1, bits: BORROWED_RIGHTS } },
  { ...call("open", 2, null), only: { argument: 2, bits: BORROWED_RIGHTS } },
  { ...call("openat", 257, 56), only: { argument: 3, bits: BORROWED_RIGHTS } },
  // Its arguments lie where a filter cannot look.
  call("openat2", 437, 437),
];

/** Programs, and what belongs to other processes. */
const PROCESSES = [
  call("execve", 59, 221),
  call("execveat", 322, 281),
  call("ptrace", 101, 117),
  call("process_vm_readv", 310, 270),
  call("process_vm_writev", 311, 271),
  call("pidfd_open", 434, 434),
  call("pidfd_getfd", 438, 438),
  call("pidfd_send_signal", 424, 424),
  call("kill", 62, 129),
  call("tkill", 200, 130),
  call("rt_sigqueueinfo", 129, 138),
  call("rt_tgsigqueueinfo", 297, 240),
  { ...call("ioctl", 16, 29), only: TERMINAL_INPUT },
];

/** New ways to other programs; connections that are open already stay. */
const SOCKETS = [call("socket", 41, 198), call("connect", 42, 203), call("bind", 49, 200)];

/** Sockets of the file system and of whole network packets (`AF_UNIX`, `AF_PACKET`). */
const LOCAL_SOCKETS = { argument: 0, values: [1, 17] };

/** Ways to other programs of this machine that no name of a host stands for. */
const SOCKETS_OTHER_THAN_NETWORK = [{ ...call("socket", 41, 198), only: LOCAL_SOCKETS }];

/** Memory and queues that programs of the user share by numbers (System V). */
const SHARED = [
  call("shmget", 29, 194),
  call("shmat", 30, 196),
  call("semget", 64, 190),
  call("msgget", 68, 186),
];

/** What the kernel offers to the system's own programs, and a queue of calls that passes a filter by. */
const KERNEL = [
  call("io_uring_setup", 425, 425),
  call("io_uring_enter", 426, 426),
  call("io_uring_register", 427, 427),
  call("mount", 165, 40),
  call("umount2", 166, 39),
  call("pivot_root", 155, 41),
  call("chroot", 161, 51),
  call("open_tree", 428, 428),
  call("open_tree_attr", 467, 467),
  call("fspick", 433, 433),
  call("fanotify_init", 300, 262),
  call("sethostname", 170, 161),
  call("setdomainname", 171, 162),
  call("acct", 163, 89),
  call("syslog", 103, 116),
  call("move_mount", 429, 429),
  call("fsopen", 430, 430),
  call("fsmount", 432, 432),
  call("mount_setattr", 442, 442),
  call("unshare", 272, 97),
  call("setns", 308, 268),
  call("bpf", 321, 280),
  call("perf_event_open", 298, 241),
  call("userfaultfd", 323, 282),
  call("add_key", 248, 217),
  call("request_key", 249, 218),
  call("keyctl", 250, 219),
  call("init_module", 175, 105),
  call("finit_module", 313, 273),
  call("delete_module", 176, 106),
  call("kexec_load", 246, 104),
  call("kexec_file_load", 320, 294),
];

/** What the calls depend on. */
export interface DeniedCallOptions {
  /** Whether the process has to reach hosts of the network. */
  readonly reachesHosts: boolean;
  /** Number of the process, which sends signals to its own threads. */
  readonly pid: number;
}

/** Every call that is denied to a process. */
export function deniedCalls({ reachesHosts, pid }: DeniedCallOptions): readonly DeniedCall[] {
  const sockets = reachesHosts ? SOCKETS_OTHER_THAN_NETWORK : SOCKETS;
  const signals = [{ ...call("tgkill", 234, 131), only: { argument: 0, allBut: pid } }];
  return [
    ...NAMES,
    ...OPEN_FILES,
    ...MODES,
    ...PROCESSES,
    ...signals,
    ...sockets,
    ...SHARED,
    ...KERNEL,
  ];
}
