// ClusterIPCommands
