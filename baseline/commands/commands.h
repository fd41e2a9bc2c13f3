/* The subcommands, one cmd_<name>.c each. argv[0] is the command's name. */
#ifndef FB_BASELINE_COMMANDS_COMMANDS_H
#define FB_BASELINE_COMMANDS_COMMANDS_H

#include "baseline/config/command_list.h"
#include "models/common/status.h"

#define FB_COMMAND_DECLARE(name, summary) fb_status fb_cmd_##name(int argc, char **argv, fb_error *error);
FB_COMMAND_LIST(FB_COMMAND_DECLARE)
#undef FB_COMMAND_DECLARE
fb_status fb_cmd_plugin_host(int argc, char **argv, fb_error *error);

#endif
