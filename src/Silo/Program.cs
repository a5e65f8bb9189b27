using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Silo;

return await ServerProgram.RunAsync("Indii Music silo", () => SiloApplication.Create(args));
