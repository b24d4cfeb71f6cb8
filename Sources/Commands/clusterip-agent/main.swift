import Glibc
import NodeAgent

exit(AgentProgram(arguments: Array(CommandLine.arguments.dropFirst())).run())
