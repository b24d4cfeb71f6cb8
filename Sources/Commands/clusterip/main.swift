import ClusterIPCommands

RootCommand.main()
