// Starting a process as the first one of new namespaces, which posix_spawn cannot.
#ifndef CLUSTERIP_CLAB_H
#define CLUSTERIP_CLAB_H

#include <fcntl.h>
#include <stdint.h>
#include <sys/types.h>

/// What did not work when a process was to be started.
enum clab_stage {
    CLAB_PREPARE,   // a pipe
    CLAB_CLONE,     // the new namespaces
    CLAB_IDENTITY,  // mapping this user to root of the new user namespace
    CLAB_EXECUTE,   // the program itself
};

/// Starts `path` as process 1 of a new pid and a new network namespace, in a session of its own, with `input` and
/// `output` as its descriptors 0 and 1, /dev/null as 2, and default signals. With `user_namespace` it also gets a user
/// namespace in which this process's user is root.
///
/// Returns the process id as seen from here; or -1 with errno and the stage that failed.
pid_t clab_start(const char *path, char *const arguments[], int user_namespace, int input, int output,
                 enum clab_stage *stage);

/// Puts this process into a network namespace of its own; 0, or -1 with errno.
int clab_new_network(void);

/// Takes the write lock on a whole file without waiting; 0, or -1 with errno EAGAIN when another process has it.
int clab_lock(int descriptor);

/// The process that holds the lock on a file, as numbered in this process's pid namespace; 0 when nobody, -1 with errno.
pid_t clab_lock_holder(int descriptor);

/// Sends a signal to the process behind a pidfd; 0, or -1 with errno.
int clab_signal(int pidfd, int signal_number);

/// Accepts a connection as a non-blocking descriptor that is closed on exec; -1 with errno when there is none.
int clab_accept(int listener);

#endif
