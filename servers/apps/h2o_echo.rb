# The echo for h2o's mruby handler. The interface has no raw field lines: HTTP_X_Y is written as X-Y.

Proc.new do |env|
  input = env["rack.input"]
  content = input ? input.read.to_s : ""
  query = env["QUERY_STRING"].to_s
  target = env["PATH_INFO"].to_s
  target += "?" + query unless query.empty?
  head = "startline-echo/1\nmethod: #{env["REQUEST_METHOD"]}\ntarget: #{target}\n"
  env.each do |name, value|
    next unless name.start_with?("HTTP_") || name == "CONTENT_LENGTH" || name == "CONTENT_TYPE"
    name = name[5..-1] if name.start_with?("HTTP_")
    head += "field: #{name.split("_").join("-")}: #{value}\n"
  end
  answer = head + "length: #{content.bytesize}\nbody:\n" + content
  [target.start_with?("/missing") ? 404 : 200, { "content-type" => "text/plain", "content-length" => answer.bytesize.to_s }, [answer]]
end
