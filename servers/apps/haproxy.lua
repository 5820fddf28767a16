-- The echo as a service of HAProxy: http-request use-service lua.echo
-- The interface has no raw request-target; the configuration puts it into a variable.

core.register_service("echo", "http", function(applet)
    local content = applet:receive()
    local target = applet:get_var("txn.target")
    local lines = { "startline-echo/1", "method: " .. applet.method, "target: " .. target }
    for name, values in pairs(applet.headers) do
        for i = 0, #values do
            lines[#lines + 1] = "field: " .. name .. ": " .. values[i]
        end
    end
    lines[#lines + 1] = "length: " .. #content
    lines[#lines + 1] = "body:\n"
    local answer = table.concat(lines, "\n") .. content
    applet:set_status(target:find("^/missing") and 404 or 200)
    applet:add_header("Content-Type", "text/plain")
    applet:add_header("Content-Length", tostring(#answer))
    applet:start_response()
    applet:send(answer)
end)
