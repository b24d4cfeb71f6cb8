// ThemeFilesTests
