/* The first step of every program, before it opens a file. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

/*
 * New files and sockets are for their owner alone, and the memory of this process, which has
 * secrets, gets into no core file and no debugger. With AEON_DEBUGGABLE=1 in the environment it
 * may. It is not inherited through exec, except for the mode of new files and the limit of cores.
 */
void process_protect(void);

#endif
