using IndiiMusic.Api;
using IndiiMusic.Infrastructure.Hosting;

return await ServerProgram.RunAsync("Indii Music gateway", () => ApiApplication.Create(args));
