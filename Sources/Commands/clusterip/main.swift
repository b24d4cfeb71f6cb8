import ClusterIPCommands

RootCommand.start()
