using IndiiMusic.Standalone;

await StandaloneApplication.Create(args).RunAsync();
