using IndiiMusic.Bench;

return await BenchCommandLine.RunAsync(args);
