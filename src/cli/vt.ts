console.log(Deno.args, Deno.cwd());
