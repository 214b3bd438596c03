-- Neovim, without a screen, as docs/editors.md sets it up: the marks are there, a correction is taken,
-- what was rejected is gone. It ends with 0, or with 1 and the reason.
-- KANWU=… PAGE=… nvim --headless --clean --cmd 'set runtimepath^=editors/neovim' -S tests/lsp/neovim.lua

local function check(held, reason)
  if not held then
    io.stderr:write('neovim: ' .. reason .. '\n')
    vim.cmd('cquit 1')
  end
end

local ran, problem = pcall(function()
  local kanwu = vim.env.KANWU
  vim.lsp.config('kanwu', { cmd = { kanwu, 'lsp', '--no-general' } })
  vim.lsp.enable('kanwu')
  vim.cmd.edit(vim.fn.fnameescape(vim.env.PAGE))
  vim.bo.filetype = 'text'

  local function marks(code)
    return vim.tbl_filter(function(mark) return mark.code == code end, vim.diagnostic.get(0))
  end
  local function wait(what, held) check(vim.wait(120000, held, 20), what) end
  local function text_at(mark)
    return table.concat(
      vim.api.nvim_buf_get_text(0, mark.lnum, mark.col, mark.end_lnum, mark.end_col, {}), '\n')
  end
  -- Takes the first action of the wanted sort about a mark.
  local function take(mark, wanted)
    vim.api.nvim_win_set_cursor(0, { mark.lnum + 1, mark.col })
    local taken = false
    vim.lsp.buf.code_action({
      apply = true,
      filter = function(action)
        local first = not taken and wanted(action)
        taken = taken or first
        return first
      end,
    })
  end

  wait('no marks', function() return #marks('C103') > 0 end)
  local mark = marks('C103')[1]
  check(mark.source == 'kanwu' and text_at(mark) == '以以', 'the mark is in a wrong place')

  take(mark, function(action) return action.isPreferred end)
  wait('no correction', function() return #marks('C103') == 0 end)
  local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  check(text:find('难以为继', 1, true), 'the correction is not in the text')

  local function is_reject(action)
    return action.command and action.command.command == 'kanwu.reject'
  end
  take(marks('C104')[1], is_reject)
  wait('no rejection', function() return #marks('C104') == 0 end)

  vim.api.nvim_win_set_cursor(0, { marks('P101')[1].lnum + 1, marks('P101')[1].col })
  local told = vim.lsp.buf_request_sync(
    0, 'textDocument/hover', vim.lsp.util.make_position_params(0, 'utf-8'), 120000)
  local _, answer = next(told)
  check(answer.result.contents.value:find('P101', 1, true), 'nothing is told about the mark')

  local client = vim.lsp.get_clients({ name = 'kanwu' })[1]
  client:stop()
  wait('the server does not end', function() return client:is_stopped() end)
end)
check(ran, tostring(problem))
vim.cmd('qall!')
