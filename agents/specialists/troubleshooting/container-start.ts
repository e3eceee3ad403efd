import type { ContainerRun } from './containers.ts';
import { failedRun, waitingMessage, waitingReason } from './containers.ts';

/** What the kubelet cannot put together of a container for want of a ConfigMap, a Secret or a user: of these other checks tell. */
const OF_CONFIG = /configmap|secret|non-?root|non-numeric user|service ?account|^$/i;

/** What the runtime says where it could not make or start a container at all; undefined where it could. */
export function startError(run: ContainerRun): string | undefined {
  const ended = failedRun(run);
  if (ended?.reason === 'StartError' || ended?.reason === 'ContainerCannotRun') return ended.message ?? '';
  const reason = waitingReason(run);
  if (reason === 'CreateContainerConfigError') return OF_CONFIG.test(waitingMessage(run)) ? undefined : waitingMessage(run);
  return reason === 'RunContainerError' || reason === 'CreateContainerError' ? waitingMessage(run) : undefined;
}

/** Names the program: runc `exec: "x": …`, crun ``executable file `x` not found``, gVisor `finding executable "x"`. */
const OF_PROGRAM = /\bexec(?:utable)?\b|no command specified/i;
/** It got as far as naming the program, or failed before that, in what is around it. */
const AROUND_IT =
  /to rootfs|error mounting|mount destination|seccomp|apparmor|selinux|cgroup|is reserved|chdir to cwd|set in config\.json|unable to find (?:user|group)|passwd file|nvidia|device driver|prestart hook|createruntime|capabilit|argument list too long|too low|oom-killed|user ?namespace|missing value for|subpath/i;

/** Whether it is about the program that is to be started; else about what is around it: mounts, profiles, users, devices, the node. */
export const isOfProgram = (said: string): boolean => OF_PROGRAM.test(said) && !AROUND_IT.test(said);
