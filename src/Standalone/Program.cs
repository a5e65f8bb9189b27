using IndiiMusic.Standalone;

return await StandaloneCommandLine.RunAsync(args);
